using System.Text;
using Tracing.Etl;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary>Turns what can go wrong into one clear sentence and an exit code. No stack trace reaches a user for what a user can cause.</summary>
internal static class Failures
{
    // Errno of a write into a pipe that nobody reads any more; the value is the same on Linux, macOS and the BSDs.
    private const int BrokenPipe = 32;

    /// <summary>Runs a verb.</summary>
    /// <returns>The verb's own exit code, or that of its failure.</returns>
    public static int Guard(Session session, Func<int> verb)
    {
        try
        {
            return verb();
        }
        catch (OperationCanceledException)
        {
            session.Error.WriteLine("Interrupted.");
            return ExitCode.Interrupted;
        }
        catch (EtlFormatException e)
        {
            return Fail(session, ExitCode.UnreadableTrace, e.Message);
        }
        catch (CommandException e)
        {
            return Fail(session, e.ExitCode, e.Message);
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            // Who reads has seen enough: `kmutex dump FILE | head`.
            return ExitCode.Fine;
        }
        catch (IOException e)
        {
            return Fail(session, ExitCode.UnreadableTrace, e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            return Fail(session, ExitCode.UnreadableTrace, e.Message);
        }
    }

    /// <summary>Opens a trace, or fails with a sentence that says what to do.</summary>
    public static EtlFile OpenTrace(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CommandException(ExitCode.UnreadableTrace, $"{path}: this is a directory; give an .etl file in it.");
        }

        try
        {
            return EtlFile.Open(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException(ExitCode.UnreadableTrace, $"{path}: there is no such file. Check the path; `kmutex run --help` tells how to make a trace.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CommandException(ExitCode.UnreadableTrace, $"{path}: you may not read it. Check its permissions.", e);
        }
    }

    /// <summary>Opens the files of one recording, or fails with a sentence that says what to do.</summary>
    public static EtlRecording OpenRecording(IReadOnlyList<string> paths)
    {
        List<EtlFile> files = [];
        try
        {
            foreach (string path in paths)
            {
                files.Add(OpenTrace(path));
            }

            return EtlRecording.Of(files);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    // File names are the user's own, but may still come from a script that lists a hostile folder.
    private static int Fail(Session session, int code, string message)
    {
        var lines = new StringBuilder();
        foreach (string line in message.Split('\n'))
        {
            lines.Append(lines.Length == 0 ? "error: " : "\n  ").Append(SafeText.Escape(line.TrimEnd('\r')));
        }

        session.Error.WriteLine(lines);
        return code;
    }
}

/// <summary>A verb cannot go on, for a reason that the user can do something about.</summary>
internal sealed class CommandException(int exitCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What to tell the shell.</summary>
    public int ExitCode { get; } = exitCode;
}
