namespace System.Runtime.CompilerServices;

/// <summary>The compiler names this type for <c>init</c>, and netstandard2.0, which compilers load generators as, lacks it.</summary>
internal static class IsExternalInit;
