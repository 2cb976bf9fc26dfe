using Tracing.Host.Kernel;

namespace Tracing.Host.Judge;

/// <summary>
/// What a driver may not leave behind when its unload routine returns. Source: DRIVER_UNLOAD's DDI page; for providers, EtwUnregister's.
/// Pool is not judged but listed: a workload may leak on purpose.
/// </summary>
internal static class UnloadRules
{
    internal static void Check(SimulatedKernel kernel)
    {
        Violations violations = kernel.Violations;
        foreach (string device in kernel.Io.Devices)
        {
            violations.Add($"The device {device} is left behind; DriverUnload must call IoDeleteDevice.");
        }

        foreach (string link in kernel.Io.Links)
        {
            violations.Add($"The symbolic link {link} is left behind; DriverUnload must call IoDeleteSymbolicLink.");
        }

        foreach (Guid provider in kernel.Etw.Registered)
        {
            violations.Add($"The provider {provider:B} is left registered; DriverUnload must call EtwUnregister.");
        }

        int running = kernel.Threads.Alive.Count(thread => thread.MadeByDriver && !thread.Ended);
        if (running > 0)
        {
            violations.Add($"{running} threads of the driver still run; DriverUnload must wait for them, since its code goes away.");
        }

        if (kernel.Threads.OpenHandles > 0)
        {
            violations.Add($"{kernel.Threads.OpenHandles} thread handles are left open; each wants ZwClose.");
        }
    }
}
