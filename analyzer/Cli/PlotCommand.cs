using System.CommandLine;
using System.Text;
using Tracing.Analysis.Reading;
using Tracing.Reports.Model;
using Tracing.Reports.Plots;

namespace Tracing.Cli;

/// <summary><c>kmutex plot</c>: one picture of a report, for a ticket or a paper.</summary>
internal static class PlotCommand
{
    public static Command Create(Session session)
    {
        var file = new Argument<string>("FILE") { Description = "The trace: an .etl file." };
        var figure = new Option<string>("--figure") { Description = "What to draw: total wait and hold of the worst mutexes, how long waits or holds are, how many threads waited over time, or how many mutexes were live over time.", DefaultValueFactory = _ => "mutexes" };
        var dark = new Option<bool>("--dark") { Description = "Draw for a dark background." };
        var output = new Option<string>("--output", "-o") { Description = "The picture to write; its ending chooses SVG or PNG.", HelpName = "OUT.svg|OUT.png", Required = true };
        figure.AcceptOnlyFromAmong("mutexes", "waits", "holds", "contention", "growth");
        output.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Path.GetExtension(result.Tokens[0].Value).ToLowerInvariant() is not (".svg" or ".png"))
            {
                result.AddError($"--output {result.Tokens[0].Value}: the name must end in .svg or .png.");
            }
        });

        var command = new Command("plot", "A picture of a report as SVG or PNG.") { file, figure, dark, output };
        command.SetAction(arguments => Failures.Guard(session, () => Run(
            session, arguments.GetRequiredValue(file), arguments.GetValue(figure)!, arguments.GetValue(dark) ? PlotTheme.Dark : PlotTheme.Light,
            arguments.GetRequiredValue(output))));
        return command;
    }

    private static int Run(Session session, string path, string figure, PlotTheme theme, string output)
    {
        LockReport report = AnalyzedTrace.Read(session, path, new ReadingOptions { Activity = figure == "contention" });
        bool png = Path.GetExtension(output).Equals(".png", StringComparison.OrdinalIgnoreCase);
        byte[]? picture = figure switch
        {
            "mutexes" => Draw(TopMutexesFigure.From(report)),
            "contention" => Draw(SeriesFigure.OfContention(report)),
            "growth" => Draw(SeriesFigure.OfGrowth(report)),
            "waits" => Draw(DurationHistogramFigure.OfWaits(report)),
            _ => Draw(DurationHistogramFigure.OfHolds(report)),
        };
        if (picture is null)
        {
            throw new CommandException(ExitCode.Usage, $"{path}: there is nothing to draw for --figure {figure}. `kmutex report` tells what is in it.");
        }

        OutputFile.Write(session, output, stream => stream.Write(picture));
        return ExitCode.Fine;

        byte[]? Draw<T>(T drawn) => drawn switch
        {
            TopMutexesFigure { Bars.Count: > 0 } top => png ? PlotRenderer.ToPng(top, theme) : Encoding.UTF8.GetBytes(PlotRenderer.ToSvg(top, theme)),
            SeriesFigure { Lines.Count: > 0 } series => png ? SeriesRenderer.ToPng(series, theme) : Encoding.UTF8.GetBytes(SeriesRenderer.ToSvg(series, theme)),
            DurationHistogramFigure { Bars.Count: > 0 } histogram => png ? PlotRenderer.ToPng(histogram, theme) : Encoding.UTF8.GetBytes(PlotRenderer.ToSvg(histogram, theme)),
            _ => null,
        };
    }
}
