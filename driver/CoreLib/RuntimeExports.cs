namespace System.Runtime;

/// <summary>Says under which name a method is known to compiled code.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entryPoint) : Attribute
{
    /// <summary>The name.</summary>
    public string EntryPoint => entryPoint;
}

/// <summary>
/// Where compiled code announces that a thread comes from native code or goes there. With no collector to tell, nothing happens.
/// </summary>
internal static class Transitions
{
    [RuntimeExport("RhpReversePInvoke")]
    private static void EnterFromNative(nint frame)
    {
    }

    [RuntimeExport("RhpReversePInvokeReturn")]
    private static void ReturnToNative(nint frame)
    {
    }

    [RuntimeExport("RhpPInvoke")]
    private static void LeaveToNative(nint frame)
    {
    }

    [RuntimeExport("RhpPInvokeReturn")]
    private static void ReturnFromNative(nint frame)
    {
    }
}
