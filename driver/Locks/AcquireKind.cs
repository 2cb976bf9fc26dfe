using System;

namespace Tracing.Driver;

/// <summary>What is special about an acquire.</summary>
[Flags]
internal enum AcquireKind
{
    /// <summary>The first try succeeded.</summary>
    Plain = 0,

    /// <summary>The first try failed, a wait followed.</summary>
    Contended = 1,

    /// <summary>The previous owner ended while it held the mutex: STATUS_ABANDONED.</summary>
    Abandoned = 2,
}
