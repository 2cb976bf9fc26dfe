using Tracing.Driver;

namespace System.Runtime;

/// <summary>Says under which name a method is known to compiled code.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entryPoint) : Attribute
{
    /// <summary>The name.</summary>
    public string EntryPoint => entryPoint;
}

/// <summary>Says which symbol a method without a body stands for.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeImportAttribute(string symbol) : Attribute
{
    /// <summary>The symbol.</summary>
    public string Symbol => symbol;
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

/// <summary>What compiled code calls when a method finds the cookie above its stack buffer changed.</summary>
internal static class StackProtection
{
    /// <summary>DRIVER_OVERRAN_STACK_BUFFER (Bug Check Code Reference).</summary>
    private const uint DriverOverranStackBuffer = 0xF7;

    [RuntimeExport("RhpFallbackFailFast")]
    private static void Fail() => Kernel.KeBugCheckEx(DriverOverranStackBuffer, 0, 0, 0, 0);
}
