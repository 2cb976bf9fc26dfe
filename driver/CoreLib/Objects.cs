namespace System;

/// <summary>The root. Only literals become objects here: there is no heap, and <c>new</c> of a class does not link.</summary>
public class Object
{
    private nint _methodTable;
}

/// <summary>A string literal: an object in the image, which lives as long as the driver is loaded and is never paged.</summary>
public sealed class String
{
    private int _length;
    private char _firstCharacter;

    /// <summary>Length in UTF-16 code units, without the zero that always follows.</summary>
    public int Length => _length;

    /// <summary>What <c>fixed</c> on a string takes the address of.</summary>
    public ref readonly char GetPinnableReference() => ref _firstCharacter;
}

/// <summary>Named by the compilers; no array is ever made.</summary>
public abstract class Array
{
    private int _length;

    /// <summary>Number of elements.</summary>
    public int Length => _length;
}

/// <summary>ILC bases the interfaces of <c>T[]</c> on this class.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class Array<T> : Array;

/// <summary>The root of structs.</summary>
public abstract class ValueType;

/// <summary>The root of enums.</summary>
public abstract class Enum : ValueType;

/// <summary>The root of attributes.</summary>
public abstract class Attribute;

/// <summary>Named by the compilers; ILC refuses code that makes one.</summary>
public abstract class Delegate;

/// <summary>Named by the compilers; ILC refuses code that makes one.</summary>
public abstract class MulticastDelegate : Delegate;

/// <summary>Named by <c>using</c>.</summary>
public interface IDisposable
{
    /// <summary>Ends the use.</summary>
    void Dispose();
}

/// <summary>A handle of a type: what <c>typeof</c> loads.</summary>
public readonly struct RuntimeTypeHandle
{
    private readonly nint _value;
}

/// <summary>A handle of a field: what the blob behind a span literal is loaded by.</summary>
public readonly struct RuntimeFieldHandle
{
    private readonly nint _value;
}

/// <summary>Named by attributes that take a type; none is made.</summary>
public abstract class Type;

/// <summary>Named by the JIT when it reasons about literals; none is made.</summary>
internal abstract class RuntimeType : Type;
