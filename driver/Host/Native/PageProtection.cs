namespace Tracing.Host.Native;

/// <summary>What code may do with a page. There is no "writable and executable": nothing here ever is both.</summary>
internal enum PageProtection
{
    /// <summary>Any access faults.</summary>
    None,

    /// <summary>Constants and headers.</summary>
    Read,

    /// <summary>Data.</summary>
    ReadWrite,

    /// <summary>Code, once it has been written and sealed.</summary>
    ReadExecute,
}
