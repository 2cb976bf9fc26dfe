using System.Collections.Concurrent;
using Tracing.Host.Session;

namespace Tracing.Host.Kernel;

/// <summary>
/// The provider's side of ETW. Thread-safe. DDI pages: EtwRegister, EtwUnregister, EtwWrite, EtwEventEnabled, EtwProviderEnabled; the
/// callback is ETWENABLECALLBACK.
/// </summary>
/// <remarks>
/// The session, if there is one, enables every provider the driver registers: this host exists to trace that driver. A callback that runs
/// within EtwRegister runs before the handle is written, which the documentation leaves open: a driver must not depend on either order.
/// </remarks>
internal sealed unsafe class EtwImports : IImportFamily
{
    private const uint Disable = 0;
    private const uint EnableCode = 1;
    private const uint CaptureStateCode = 2;
    private const uint MaximumPieces = 128;

    private readonly SimulatedKernel _kernel;
    private readonly TraceSession? _session;
    private readonly ConcurrentDictionary<ulong, EtwRegistration> _registrations = new();
    private long _lastHandle = 0x1000;
    private volatile bool _enabled;

    internal EtwImports(SimulatedKernel kernel, TraceSession? session)
    {
        _kernel = kernel;
        _session = session;
        Imports =
        [
            new("EtwRegister", "wdm/nf-wdm-etwregister", IrqlRange.Passive, EtwRegister)
            {
                Rules = ["unregistered before the driver is unloaded"],
                Failures = [ImportFailure.Of("STATUS_NO_MEMORY", NtStatus.NoMemory) with { IsNamed = false }],
            },
            new("EtwUnregister", "wdm/nf-wdm-etwunregister", IrqlRange.Passive, EtwUnregister)
            {
                Rules = ["a registered handle", "not from the provider's own callback"],
            },
            new("EtwWrite", "wdm/nf-wdm-etwwrite", IrqlRange.Any, EtwWrite)
            {
                Rules = ["a registered handle", "at most 128 data descriptors", "none of them at null"],
                Failures =
                [
                    new("STATUS_NO_MEMORY", (caller, _) => LoseEvent(caller, NtStatus.NoMemory)) { MayHappen = IsListenedTo },
                    new("STATUS_INVALID_HANDLE", (caller, _) => LoseEvent(caller, NtStatus.InvalidHandle)) { MayHappen = IsListenedTo },
                ],
            },
            new("EtwEventEnabled", "wdm/nf-wdm-etweventenabled", IrqlRange.Any, EtwEventEnabled),
            new("EtwProviderEnabled", "wdm/nf-wdm-etwproviderenabled", IrqlRange.Any, EtwProviderEnabled),
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>Providers that are registered.</summary>
    internal IEnumerable<Guid> Registered => _registrations.Values.Select(registration => registration.ProviderId);

    /// <summary>The session enables the providers. By a simulated thread at PASSIVE_LEVEL, as the two below.</summary>
    internal void Enable(SimulatedThread thread)
    {
        _enabled = _session is not null;
        NotifyAll(thread, EnableCode);
    }

    /// <summary>The session asks for the state of what lives; a provider that unregisters meanwhile is not asked.</summary>
    internal void CaptureState(SimulatedThread thread) => NotifyAll(thread, CaptureStateCode);

    /// <summary>The session disables the providers.</summary>
    internal void DisableAll(SimulatedThread thread)
    {
        NotifyAll(thread, Disable);
        _enabled = false;
    }

    private void NotifyAll(SimulatedThread thread, uint code)
    {
        foreach (EtwRegistration registration in _registrations.Values)
        {
            Notify(thread, registration, code);
        }
    }

    private void Notify(SimulatedThread thread, EtwRegistration registration, uint code)
    {
        if (_session is null || registration.Callback is null)
        {
            return;
        }

        Guid source = Guid.Empty;
        bool on = code != Disable;
        _ = DispatcherWait.Wait(thread, registration.CallbackGate, DispatcherWait.Forever);
        if (_registrations.ContainsKey(registration.Handle))
        {
            registration.InCallback = thread;
            DriverCall.Invoke(
                thread,
                registration.Callback,
                (ulong)&source,
                code,
                on ? _session.Settings.Level : 0u,
                on ? _session.MatchAnyKeyword : 0,
                on ? _session.Settings.MatchAllKeywords : 0,
                0,
                registration.Context);
            registration.InCallback = null;
        }

        _ = registration.CallbackGate.Set(_kernel.Clock.Now);
    }

    /// <summary>DDI: EtwRegister.</summary>
    private ulong EtwRegister(SimulatedThread caller, KernelCall call)
    {
        if (call.Address(0) == 0 || call.Address(3) == 0)
        {
            return KernelResult.Int32(NtStatus.InvalidParameter);
        }

        Guid provider = *(Guid*)call.Readable(0, caller, sizeof(Guid));
        ulong* result = (ulong*)call.Writable(3, caller, sizeof(ulong));
        ulong handle = (ulong)Interlocked.Increment(ref _lastHandle);
        EtwRegistration registration = new(provider, handle, (void*)call.Address(1), call.UInt64(2), _kernel.NewEvent(set: true));
        _registrations[handle] = registration;
        if (_enabled)
        {
            Notify(caller, registration, EnableCode);
        }

        *result = handle;
        return KernelResult.Int32(NtStatus.Success);
    }

    /// <summary>DDI: EtwUnregister. Returns when no callback runs any more.</summary>
    private ulong EtwUnregister(SimulatedThread caller, KernelCall call)
    {
        if (!_registrations.TryGetValue(call.UInt64(0), out EtwRegistration? registration))
        {
            return UnknownHandle(caller, call, "EtwUnregister");
        }

        if (registration.InCallback == caller)
        {
            _kernel.Violate(caller, call, "EtwUnregister", "called by the provider's own enable callback: on Windows it would wait for itself");
            return KernelResult.Int32(NtStatus.InvalidParameter);
        }

        _ = DispatcherWait.Wait(caller, registration.CallbackGate, DispatcherWait.Forever);
        _registrations.TryRemove(registration.Handle, out _);
        _ = registration.CallbackGate.Set(_kernel.Clock.Now);

        return KernelResult.Int32(NtStatus.Success);
    }

    /// <summary>DDI: EtwWrite.</summary>
    private ulong EtwWrite(SimulatedThread caller, KernelCall call)
    {
        if (!_registrations.TryGetValue(call.UInt64(0), out EtwRegistration? registration))
        {
            return UnknownHandle(caller, call, "EtwWrite");
        }

        EventDescriptor* descriptor = (EventDescriptor*)call.Readable(1, caller, sizeof(EventDescriptor));
        uint count = call.UInt32(3);
        if (count > MaximumPieces || (count > 0 && call.Address(4) == 0))
        {
            _kernel.Violate(
                caller, call, "EtwWrite", $"{count} data descriptors at 0x{call.Address(4):X}; at most {MaximumPieces}, and not at null");
            return KernelResult.Int32(NtStatus.InvalidParameter);
        }

        EventDataDescriptor* pieces = (EventDataDescriptor*)call.Readable(4, caller, (int)count * sizeof(EventDataDescriptor));
        for (uint i = 0; i < count; i++)
        {
            if (pieces[i].Address == 0 && pieces[i].Size > 0)
            {
                _kernel.Violate(caller, call, "EtwWrite", $"data descriptor {i} of event {descriptor->Id} has {pieces[i].Size} bytes at null");
                return KernelResult.Int32(NtStatus.InvalidParameter);
            }
        }

        if (!_enabled || !_session!.Accepts(descriptor->Level, descriptor->Keyword))
        {
            return KernelResult.Int32(NtStatus.Success);
        }

        for (uint i = 0; i < count; i++)
        {
            call.Readable((nuint)pieces[i].Address, caller, pieces[i].Size);
        }

        Guid activity = call.Address(2) == 0 ? Guid.Empty : *(Guid*)call.Readable(2, caller, sizeof(Guid));
        ReadOnlySpan<EventDataDescriptor> payload = new(pieces, (int)count);
        bool kept = _session.Write(ProcessorImports.Of(caller), caller.Id, registration.ProviderId, in *descriptor, activity, payload);
        return KernelResult.Int32(kept ? NtStatus.Success : NtStatus.NoMemory);
    }

    /// <summary>Whether a call of EtwWrite has a registration and a session to go to: without, there is nothing to run out of.</summary>
    private bool IsListenedTo(SimulatedThread caller, KernelCall call)
    {
        EventDescriptor* descriptor = (EventDescriptor*)call.Readable(1, caller, sizeof(EventDescriptor));
        return IsEnabled(call, descriptor->Level, descriptor->Keyword);
    }

    /// <summary>EtwWrite cannot log: the event is lost, and the session counts it.</summary>
    private ulong LoseEvent(SimulatedThread caller, int status)
    {
        _session!.Lose(ProcessorImports.Of(caller));
        return KernelResult.Int32(status);
    }

    /// <summary>DDI: EtwEventEnabled.</summary>
    private ulong EtwEventEnabled(SimulatedThread caller, KernelCall call)
    {
        EventDescriptor* descriptor = (EventDescriptor*)call.Readable(1, caller, sizeof(EventDescriptor));
        return KernelResult.Byte(IsEnabled(call, descriptor->Level, descriptor->Keyword) ? (byte)1 : (byte)0);
    }

    /// <summary>DDI: EtwProviderEnabled.</summary>
    private ulong EtwProviderEnabled(SimulatedThread caller, KernelCall call) =>
        KernelResult.Byte(IsEnabled(call, call.Byte(1), call.UInt64(2)) ? (byte)1 : (byte)0);

    private bool IsEnabled(KernelCall call, byte level, ulong keyword) =>
        _enabled && _registrations.ContainsKey(call.UInt64(0)) && _session!.Accepts(level, keyword);

    private ulong UnknownHandle(SimulatedThread caller, KernelCall call, string routine)
    {
        _kernel.Violate(caller, call, routine, $"the registration handle 0x{call.UInt64(0):X} is not registered");
        return KernelResult.Int32(NtStatus.InvalidHandle);
    }
}
