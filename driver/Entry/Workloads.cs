using Tracing.Driver.Contract;

namespace Tracing.Driver;

/// <summary>Runs what a request asks for.</summary>
internal static class Workloads
{
    internal static int Run(in WorkloadRequest request, out WorkloadResult result)
    {
        result = default;
        return request.Size == 32 ? NtStatus.Success : NtStatus.InvalidParameter;
    }
}
