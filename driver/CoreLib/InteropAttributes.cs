namespace System.Runtime.InteropServices;

/// <summary>How a struct's fields are laid out.</summary>
public enum LayoutKind
{
    /// <summary>In order.</summary>
    Sequential = 0,

    /// <summary>At stated offsets.</summary>
    Explicit = 2,

    /// <summary>As the runtime likes.</summary>
    Auto = 3,
}

/// <summary>Says how a struct's fields are laid out.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class StructLayoutAttribute(LayoutKind kind) : Attribute
{
    /// <summary>Greatest alignment of a field, in bytes; zero for the natural one.</summary>
    public int Pack;

    /// <summary>Bytes; zero for what the fields need.</summary>
    public int Size;

    /// <summary>The encoding of strings. Named by the compiler.</summary>
    public CharSet CharSet;

    /// <summary>How.</summary>
    public LayoutKind Value => kind;
}

/// <summary>The offset of a field, in bytes.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class FieldOffsetAttribute(int offset) : Attribute
{
    /// <summary>Bytes.</summary>
    public int Value => offset;
}

/// <summary>The encoding of strings. Named by the compiler.</summary>
public enum CharSet
{
    /// <summary>Not said.</summary>
    None = 1,

    /// <summary>8 bits.</summary>
    Ansi = 2,

    /// <summary>16 bits.</summary>
    Unicode = 3,

    /// <summary>The platform's own.</summary>
    Auto = 4,
}

/// <summary>Only native code calls the method; its address is a plain function pointer.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnmanagedCallersOnlyAttribute : Attribute
{
    /// <summary>The name of an export, or of a symbol for the linker.</summary>
    public string? EntryPoint;
}

/// <summary>Named by the compiler for the <c>unmanaged</c> constraint.</summary>
public enum UnmanagedType;

/// <summary>Named by the compiler for references that are only read.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class InAttribute : Attribute;
