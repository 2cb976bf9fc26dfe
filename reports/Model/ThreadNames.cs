using System.Globalization;

namespace Tracing.Reports.Model;

/// <summary>
/// What the recording calls its threads and processes, for whoever shows their numbers. Immutable and safe to share between threads. Names are kept as found in the trace and
/// are not to be trusted.
/// </summary>
/// <remarks>
/// Windows uses numbers again. A number that stood for two threads, or for two processes, has no name here: none is better than a wrong one. So has one beyond the bound on
/// how many are kept.
/// </remarks>
public sealed class ThreadNames
{
    private readonly IReadOnlyDictionary<int, ThreadName> _threads;
    private readonly IReadOnlyDictionary<int, string> _processes;

    /// <summary>Names by number.</summary>
    /// <param name="threads">Threads by their ids.</param>
    /// <param name="processes">Image names of processes by their ids.</param>
    public ThreadNames(IReadOnlyDictionary<int, ThreadName> threads, IReadOnlyDictionary<int, string> processes)
    {
        _threads = threads;
        _processes = processes;
    }

    /// <summary>The recording names nobody: it has no kernel events.</summary>
    public static ThreadNames None { get; } = new(new Dictionary<int, ThreadName>(), new Dictionary<int, string>());

    /// <summary>A thread in words: <c>4711</c>, <c>4711 worker</c>, <c>4711 (app.exe)</c>, <c>4711 worker (app.exe)</c>.</summary>
    public string OfThread(int threadId)
    {
        string number = threadId.ToString(CultureInfo.InvariantCulture);
        if (!_threads.TryGetValue(threadId, out ThreadName thread))
        {
            return number;
        }

        string name = thread.Name.Length > 0 ? $"{number} {thread.Name}" : number;
        return _processes.TryGetValue(thread.ProcessId, out string? process) ? $"{name} ({process})" : name;
    }

    /// <summary>A thread in words; null for none.</summary>
    public string? OfThread(int? threadId) => threadId is int id ? OfThread(id) : null;

    /// <summary>A process in words; null for none.</summary>
    public string? OfProcess(int? processId) => processId is int id ? OfProcess(id) : null;

    /// <summary>A process in words: <c>4</c>, <c>1234 app.exe</c>.</summary>
    public string OfProcess(int processId)
    {
        string number = processId.ToString(CultureInfo.InvariantCulture);
        return _processes.TryGetValue(processId, out string? process) ? $"{number} {process}" : number;
    }
}

/// <summary>What is known of a thread.</summary>
/// <param name="Name">Its name; empty for none.</param>
/// <param name="ProcessId">Its process.</param>
public readonly record struct ThreadName(string Name, int ProcessId);
