namespace Tracing.Cli;

/// <summary>Finds the driver where the build puts it.</summary>
internal static class DriverFile
{
    private static readonly string BuiltTo = Path.Combine("artifacts", "driver", "kmutex.sys");

    /// <summary>The driver beside the command, or in the <c>artifacts</c> of the current folder, the command's, or one above either.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static string Find()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "kmutex.sys");
        if (File.Exists(beside))
        {
            return beside;
        }

        foreach (string start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string candidate = Path.Combine(folder.FullName, BuiltTo);
                if (File.Exists(candidate))
                {
                    return candidate;
                }
            }
        }

        throw new CommandException(
            ExitCode.Usage, $"There is no {BuiltTo}, neither here nor in a folder above. Build it with `./build.sh driver`, or give --driver PATH.");
    }
}
