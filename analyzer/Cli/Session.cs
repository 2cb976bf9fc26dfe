using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tracing.Cli;

/// <summary>What a command runs in: where its data and its diagnostics go, and when to stop. Tests give their own.</summary>
/// <param name="Output">Where data goes: bytes, since some outputs are not text.</param>
/// <param name="Error">Where progress and diagnostics go.</param>
/// <param name="Colour">Whether <paramref name="Output"/> is a terminal on which colours are wanted.</param>
/// <param name="Cancellation">Signalled by Ctrl-C.</param>
/// <param name="ShowProgress">Whether <paramref name="Error"/> is a terminal, on which a line can be written over.</param>
public sealed record Session(Stream Output, TextWriter Error, bool Colour, CancellationToken Cancellation, bool ShowProgress = false)
{
    /// <summary>UTF-8 without a byte order mark: what pipes expect.</summary>
    private static Encoding TextEncoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The process's own streams.</summary>
    /// <param name="cancellation">Signalled by Ctrl-C.</param>
    public static Session OfProcess(CancellationToken cancellation) => new(
        OpenOutput(),
        Console.Error,
        Colour: !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        cancellation,
        ShowProgress: !Console.IsErrorRedirected);

    /// <summary>Text into a stream, which stays open: as pipes expect it, with the line ends of Unix on any system.</summary>
    public static StreamWriter TextInto(Stream stream) => new(stream, TextEncoding, 1 << 16, leaveOpen: true) { NewLine = "\n" };

    /// <summary>Says something beside the data.</summary>
    public void Warn(string sentence) => Error.WriteLine($"warning: {sentence}");

    /// <summary>
    /// The console's stream takes a closed pipe for success, and a dump into <c>head</c> would format a gigabyte for nobody: for a pipe the
    /// descriptor is used itself, which fails then. For a file it must not be, because FileStream would not move the shared file position.
    /// </summary>
    private static Stream OpenOutput()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!pipe.CanSeek)
            {
                return pipe;
            }
        }

        return Console.OpenStandardOutput();
    }
}
