using Tracing.Driver;

// What ILC asks of a core library by name. Most is never reached: it must only exist. What can be reached, a failed check
// in compiled code, has one answer in the kernel, which is to stop the machine while the cause is still on the stack.

namespace Internal.Runtime.CompilerHelpers
{
    /// <summary>Named by ILC for the start of a library; this one has nothing to initialize, by rule.</summary>
    internal static class StartupCodeHelpers;

    /// <summary>Where compiled code ends up when a check fails; the number is the first parameter of the bugcheck.</summary>
    internal static class ThrowHelpers
    {
        internal static void ThrowIndexOutOfRangeException() => Stop(1);

        internal static void ThrowOverflowException() => Stop(2);

        internal static void ThrowDivideByZeroException() => Stop(3);

        internal static void ThrowNullReferenceException() => Stop(4);

        internal static void ThrowInvalidProgramException() => Stop(5);

        internal static void ThrowFeatureBodyRemoved() => Stop(6);

        private static void Stop(nuint check) => Kernel.KeBugCheckEx(Entry.BugCheckCode, check, 0, 0, 0);
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>
    /// Present and empty on purpose: ILC then refuses static initializers that would run lazily, unsynchronised and at any IRQL.
    /// Were the class absent, they would build silently.
    /// </summary>
    internal static class ClassConstructorRunner;
}
