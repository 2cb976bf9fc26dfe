namespace Tracing.Host.Kernel;

/// <summary>Bug check codes that the simulated kernel raises itself. Source: "Bug Check Code Reference".</summary>
internal static class BugCheckCode
{
    internal const uint KModeExceptionNotHandled = 0x1E;
    internal const uint MultipleIrpCompleteRequests = 0x44;
    internal const uint BadPoolCaller = 0xC2;
    internal const uint DriverVerifierDetectedViolation = 0xC4;
    internal const uint InvalidKernelHandle = 0x93;
    internal const uint ReferenceByPointer = 0x18;
    internal const uint ThreadTerminateHeldMutex = 0x4000008A;
}
