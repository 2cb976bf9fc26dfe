using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary>Writes a file so that it is there whole or not at all: into a neighbour first, which then takes its name.</summary>
internal static class OutputFile
{
    /// <summary>Writes a file that the user asked for, and says so on standard error.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void Write(Session session, string path, Action<Stream> write)
    {
        Write(path, write);
        session.Error.WriteLine($"Wrote {SafeText.Escape(path)}");
    }

    /// <summary>Writes a file, replacing one that is there.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Environment.ProcessId}.tmp";
        if (Directory.Exists(full))
        {
            throw new CommandException(ExitCode.Usage, $"{path}: cannot be written, it is a directory. Give a file name.");
        }

        FileStream file;
        try
        {
            file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"{path}: cannot be written. {e.Message}", e);
        }

        try
        {
            using (file)
            {
                write(file);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
