namespace System.Runtime.InteropServices;

/// <summary>Named by ILC: it asks for the method's body before it knows that nothing implements the interface.</summary>
internal interface IDynamicInterfaceCastable
{
    /// <summary>Never reached.</summary>
    internal static nint GetDynamicInterfaceImplementation(IDynamicInterfaceCastable instance, nint interfaceType, ushort slot) => 0;
}
