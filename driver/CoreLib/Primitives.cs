namespace System;

// The compilers know these by name and by size: a field would only repeat what they already hold.

/// <summary>The return type of a method that returns nothing.</summary>
public struct Void;

/// <summary>One byte: 0 or 1.</summary>
public struct Boolean;

/// <summary>A UTF-16 code unit.</summary>
public struct Char;

/// <summary>8 bits, signed.</summary>
public struct SByte;

/// <summary>8 bits, unsigned.</summary>
public struct Byte;

/// <summary>16 bits, signed.</summary>
public struct Int16;

/// <summary>16 bits, unsigned.</summary>
public struct UInt16
{
    /// <summary>The largest.</summary>
    public const ushort MaxValue = 0xFFFF;
}

/// <summary>32 bits, signed.</summary>
public struct Int32;

/// <summary>32 bits, unsigned.</summary>
public struct UInt32;

/// <summary>64 bits, signed.</summary>
public struct Int64;

/// <summary>64 bits, unsigned.</summary>
public struct UInt64;

/// <summary>As wide as a pointer, signed.</summary>
public struct IntPtr;

/// <summary>As wide as a pointer, unsigned.</summary>
public struct UIntPtr;
