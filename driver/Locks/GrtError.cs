namespace Tracing.Driver;

/// <summary>Why a call on the registry did not do what was asked. Nothing has changed unless the member says so.</summary>
internal enum GrtError
{
    /// <summary>It did.</summary>
    None = 0,

    /// <summary><see cref="Grt.Init"/>: there is a registry already.</summary>
    AlreadyExists,

    /// <summary>There is no registry: not yet, or not any more.</summary>
    IsNull,

    /// <summary>The registry holds nothing at all.</summary>
    IsEmpty,

    /// <summary>The registry holds other labels, but not this one.</summary>
    KeyNotFound,

    /// <summary>A checked registration: the label is taken.</summary>
    KeyExists,

    /// <summary>The mutex of that label is of another kind, or holds data of another type.</summary>
    TypeMismatch,

    /// <summary>
    /// Somebody has got the mutex and not given it back, or holds it, or waits for it: it is not replaced. From <see cref="Grt.Destroy"/>: what is in
    /// use stays registered, everything else is freed.
    /// </summary>
    InUse,

    /// <summary>The IRQL is above DISPATCH_LEVEL.</summary>
    IrqlTooHigh,

    /// <summary>Non-paged pool is exhausted.</summary>
    OutOfPool,
}
