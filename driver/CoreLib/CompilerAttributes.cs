namespace System.Runtime.CompilerServices
{
    /// <summary>How a method is compiled.</summary>
    public enum MethodImplOptions
    {
        /// <summary>Never inlined: a slow path kept out of the hot one.</summary>
        NoInlining = 0x0008,

        /// <summary>Inlined wherever possible.</summary>
        AggressiveInlining = 0x0100,

        /// <summary>Without a body in C#: a symbol that is supplied when linking.</summary>
        InternalCall = 0x1000,
    }

    /// <summary>Says how a method is compiled.</summary>
    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor)]
    public sealed class MethodImplAttribute(MethodImplOptions options) : Attribute
    {
        /// <summary>How.</summary>
        public MethodImplOptions Value => options;
    }

    /// <summary>The method's body is the compiler's own. Honoured in this assembly because it is the core library.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Struct)]
    public sealed class IntrinsicAttribute : Attribute;

    /// <summary>Locals are not zeroed before the method runs: what C# does not prove to be assigned is garbage.</summary>
    [AttributeUsage(AttributeTargets.Module | AttributeTargets.Class | AttributeTargets.Method)]
    public sealed class SkipLocalsInitAttribute : Attribute;

    /// <summary>Receives the source file of the call.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class CallerFilePathAttribute : Attribute;

    /// <summary>Receives the source line of the call.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class CallerLineNumberAttribute : Attribute;

    /// <summary>Receives the name of the member that calls.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class CallerMemberNameAttribute : Attribute;

    /// <summary>Named by the compiler for <c>volatile</c> fields.</summary>
    public static class IsVolatile;

    /// <summary>Named by the compiler for <c>fixed</c> buffers.</summary>
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class FixedBufferAttribute(Type elementType, int length) : Attribute
    {
        /// <summary>The element.</summary>
        public Type ElementType => elementType;

        /// <summary>How many.</summary>
        public int Length => length;
    }

    /// <summary>Named by the compiler for <c>fixed</c> buffers.</summary>
    [AttributeUsage(AttributeTargets.Struct)]
    public sealed class UnsafeValueTypeAttribute : Attribute;

    /// <summary>What this runtime can do: the C# compiler looks the names up before it allows the feature.</summary>
    public static class RuntimeFeature
    {
        /// <summary>Fields that are references, in ref structs.</summary>
        public const string ByRefFields = nameof(ByRefFields);

        /// <summary>Methods with bodies in interfaces.</summary>
        public const string DefaultImplementationsOfInterfaces = nameof(DefaultImplementationsOfInterfaces);

        /// <summary>Function pointers with a bare <c>unmanaged</c> convention.</summary>
        public const string UnmanagedSignatureCallingConvention = nameof(UnmanagedSignatureCallingConvention);

        /// <summary>Static abstract members of interfaces.</summary>
        public const string VirtualStaticsInInterfaces = nameof(VirtualStaticsInInterfaces);
    }

    /// <summary>What the compilers look up by name.</summary>
    public static class RuntimeHelpers
    {
        /// <summary>Bytes from the start of a string object to its first character.</summary>
        public static unsafe int OffsetToStringData => sizeof(nint) + sizeof(int);
    }
}

namespace System.Reflection
{
    /// <summary>The name of the indexer. Named by the compiler.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
    public sealed class DefaultMemberAttribute(string memberName) : Attribute
    {
        /// <summary>The name.</summary>
        public string MemberName => memberName;
    }
}
