using System.Text;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Kernel;
using Microsoft.Diagnostics.Tracing.Parsers.Symbol;
using Tracing.Etl.Kernel;
using Tracing.Etl.TraceEvent;

namespace Tracing.Etl.Tests;

/// <summary>The kernel events of a trace, a line each, as our structures read them and as TraceEvent's parsers do.</summary>
internal static class KernelLines
{
    public static List<string> Ours(EtlFile file)
    {
        List<string> lines = [];
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            if (Line(record) is { } line)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    public static List<string> TraceEvents(EtlFile file)
    {
        List<string> lines = [];
        using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
        KernelTraceEventParser kernel = new(source, KernelTraceEventParser.ParserTrackingOptions.None);
        kernel.ProcessStartGroup += Add<ProcessTraceData>(Process);
        kernel.ProcessEndGroup += Add<ProcessTraceData>(Process);
        kernel.ThreadStartGroup += Add<ThreadTraceData>(Thread);
        kernel.ThreadEndGroup += Add<ThreadTraceData>(Thread);
        kernel.ThreadSetName += Add<ThreadSetNameTraceData>(e => $"name {e.ThreadID} {e.ProcessID} {e.ThreadName}");
        kernel.ImageGroup += Add<ImageLoadTraceData>(Image);
        kernel.ThreadCSwitch += Add<CSwitchTraceData>(e =>
            $"switch {e.OldThreadID} {e.NewThreadID} {(sbyte)e.OldThreadPriority} {(sbyte)e.NewThreadPriority} {(int)e.OldThreadWaitReason} {(int)e.OldThreadWaitMode == 1} {(int)e.OldThreadState} {(uint)e.NewThreadWaitTime}");
        kernel.DispatcherReadyThread += Add<DispatcherReadyThreadTraceData>(e =>
            $"ready {e.AwakenedThreadID} {(sbyte)e.AdjustReason} {(sbyte)e.AdjustIncrement} {((int)e.Flags & 1) != 0}");
        kernel.PerfInfoDPC += Add<DPCTraceData>(e => $"dpc Plain {e.Routine:x}");
        kernel.PerfInfoThreadedDPC += Add<DPCTraceData>(e => $"dpc Threaded {e.Routine:x}");
        kernel.PerfInfoTimerDPC += Add<DPCTraceData>(e => $"dpc Timer {e.Routine:x}");
        kernel.PerfInfoISR += Add<ISRTraceData>(e => $"isr {e.Routine:x} {e.ReturnValue != 0} {e.Vector}");
        kernel.PerfInfoSample += Add<SampledProfileTraceData>(e => $"sample {e.InstructionPointer:x} {e.ThreadID} {(ushort)e.Count}");
        kernel.StackWalkStack += Add<StackWalkStackTraceData>(e =>
            $"stack {e.EventTimeStampQPC} {e.ProcessID} {e.ThreadID}{Frames(e.FrameCount, e.InstructionPointer)}");
        kernel.StackWalkStackKeyKernel += Add<StackWalkRefTraceData>(e => $"reference {e.EventTimeStampQPC} {e.ProcessID} {e.ThreadID} {e.StackKey:x} False");
        kernel.StackWalkStackKeyUser += Add<StackWalkRefTraceData>(e => $"reference {e.EventTimeStampQPC} {e.ProcessID} {e.ThreadID} {e.StackKey:x} True");
        kernel.StackWalkKeyDelete += Add<StackWalkDefTraceData>(e => $"definition {e.StackKey:x}{Frames(e.FrameCount, e.InstructionPointer)}");
        kernel.StackWalkKeyRundown += Add<StackWalkDefTraceData>(e => $"definition {e.StackKey:x}{Frames(e.FrameCount, e.InstructionPointer)}");
        new SymbolTraceEventParser(source).ImageIDDbgID_RSDS += Add<DbgIDRSDSTraceData>(e =>
            $"debug {e.ImageBase:x} {e.ProcessID} {e.GuidSig} {e.Age} {e.PdbFileName}");
        Assert.True(source.Process());
        return lines;

        Action<T> Add<T>(Func<T, string> line)
            where T : Microsoft.Diagnostics.Tracing.TraceEvent => e => lines.Add(line(e));
    }

    private static string? Line(in EtlRecord record)
    {
        if (ProcessEvent.TryRead(record, out ProcessEvent process))
        {
            string image = Encoding.UTF8.GetString(process.ImageFileName);
            return $"process {process.Life} {process.ProcessId} {process.ParentId} {process.SessionId} {process.ExitStatus} {image} {process.CommandLine}";
        }

        if (ThreadEvent.TryRead(record, out ThreadEvent thread))
        {
            return $"thread {thread.Life} {thread.ThreadId} {thread.ProcessId} {thread.StartAddress:x} {thread.Name}";
        }

        if (ThreadNameEvent.TryRead(record, out ThreadNameEvent name))
        {
            return $"name {name.ThreadId} {name.ProcessId} {name.Name}";
        }

        if (ImageEvent.TryRead(record, out ImageEvent load))
        {
            return $"image {load.Life} {load.Base:x} {(uint)load.Size} {load.ProcessId} {load.Checksum} {load.TimeDateStamp} {load.FileName}";
        }

        if (ImageDebugEvent.TryRead(record, out ImageDebugEvent debug))
        {
            return $"debug {debug.ImageBase:x} {debug.ProcessId} {debug.Signature} {debug.Age} {Encoding.UTF8.GetString(debug.PdbFileName)}";
        }

        if (ContextSwitch.TryRead(record, out ContextSwitch to))
        {
            return $"switch {to.OldThreadId} {to.NewThreadId} {to.OldPriority} {to.NewPriority} {to.OldWaitReason} {to.OldWaitsInUserMode} {(int)to.OldState} {to.NewWaitTime}";
        }

        if (ReadyThread.TryRead(record, out ReadyThread ready))
        {
            return $"ready {ready.ThreadId} {ready.AdjustReason} {ready.AdjustIncrement} {ready.ByDpc}";
        }

        if (DeferredCall.TryRead(record, out DeferredCall call))
        {
            return $"dpc {call.Kind} {call.Routine:x}";
        }

        if (Interrupt.TryRead(record, out Interrupt interrupt))
        {
            return $"isr {interrupt.Routine:x} {interrupt.Claimed} {interrupt.Vector}";
        }

        if (ProfileSample.TryRead(record, out ProfileSample sample))
        {
            return $"sample {sample.InstructionPointer:x} {sample.ThreadId} {sample.Count}";
        }

        if (StackWalk.TryRead(record, out StackWalk walk))
        {
            return $"stack {walk.EventTime} {walk.ProcessId} {walk.ThreadId}{Frames(walk.Stack)}";
        }

        if (StackReference.TryRead(record, out StackReference reference))
        {
            return $"reference {reference.EventTime} {reference.ProcessId} {reference.ThreadId} {reference.Key:x} {reference.IsUserPart}";
        }

        return StackDefinition.TryRead(record, out StackDefinition definition) ? $"definition {definition.Key:x}{Frames(definition.Stack)}" : null;
    }

    private static string Process(ProcessTraceData e) =>
        $"process {(LifeEvent)e.Opcode} {e.ProcessID} {e.ParentID} {(e.Version == 0 ? -1 : e.SessionID)} {(e.Version == 0 ? 0 : e.ExitStatus)} {e.KernelImageFileName} {e.CommandLine}";

    private static string Thread(ThreadTraceData e) =>
        $"thread {(LifeEvent)e.Opcode} {e.ThreadID} {e.ProcessID} {e.Win32StartAddr:x} {e.ThreadName}";

    // TraceEvent gives 32 bits of the size, and file names with a drive in place of the volume where it knows one: the payload has them as written.
    private static string Image(ImageLoadTraceData e) =>
        $"image {((int)e.Opcode == 10 ? LifeEvent.Start : (LifeEvent)e.Opcode)} {e.ImageBase:x} {(uint)e.ImageSize} {(e.Version == 0 ? -1 : e.ProcessID)} {(uint)e.ImageChecksum} {(uint)e.TimeDateStamp} {e.KernelFileName()}";

    private static string KernelFileName(this ImageLoadTraceData e) => e.GetUnicodeStringAt(e.Version switch { 0 => 4 + e.PointerSize, 1 => 4 + (2 * e.PointerSize), _ => 32 + (3 * e.PointerSize) });

    private static string GetUnicodeStringAt(this Microsoft.Diagnostics.Tracing.TraceEvent e, int offset)
    {
        string text = Encoding.Unicode.GetString(e.EventData()[offset..]);
        return text.Contains('\0', StringComparison.Ordinal) ? text[..text.IndexOf('\0', StringComparison.Ordinal)] : text;
    }

    private static string Frames(int count, Func<int, ulong> frame) => string.Concat(Enumerable.Range(0, count).Select(i => $" {frame(i):x}"));

    private static string Frames(EtlStack stack) => string.Concat(stack.ToArray().Select(frame => $" {frame:x}"));
}
