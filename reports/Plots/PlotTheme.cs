using ScottPlot;
using SkiaSharp;

namespace Tracing.Reports.Plots;

/// <summary>
/// Colours and font of the pictures. Wait and hold are told apart by blue and orange, which all kinds of colour vision can.
/// </summary>
public sealed class PlotTheme
{
    // Present on most Linux systems, Windows and macOS, in this order of preference.
    private static readonly string[] Families = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Segoe UI", "Arial", "Helvetica"];

    private PlotTheme(string background, string ink, string grid, string wait, string hold)
    {
        Background = Color.FromHex(background);
        Ink = Color.FromHex(ink);
        Grid = Color.FromHex(grid);
        Wait = Color.FromHex(wait);
        Hold = Color.FromHex(hold);
    }

    /// <summary>On white.</summary>
    public static PlotTheme Light { get; } = new("#ffffff", "#24292f", "#d8dee4", "#0969da", "#e36209");

    /// <summary>On near black.</summary>
    public static PlotTheme Dark { get; } = new("#161b22", "#e6edf3", "#30363d", "#58a6ff", "#f0883e");

    /// <summary>The font of all text, chosen by name so that one machine draws one picture; null where no known font is installed, and text is left out.</summary>
    public static string? Font { get; } = Families.FirstOrDefault(IsInstalled);

    internal Color Background { get; }

    internal Color Ink { get; }

    internal Color Grid { get; }

    internal Color Wait { get; }

    internal Color Hold { get; }

    internal void Apply(Plot plot)
    {
        plot.FigureBackground.Color = Background;
        plot.DataBackground.Color = Background;
        plot.Axes.Color(Ink);
        plot.Grid.MajorLineColor = Grid;
        plot.Legend.BackgroundColor = Background;
        plot.Legend.FontColor = Ink;
        plot.Legend.OutlineColor = Grid;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Font.Set(Font ?? Families[0]);
    }

    private static bool IsInstalled(string family)
    {
        using SKTypeface? face = SKFontManager.Default.MatchFamily(family);
        return face is not null && face.FamilyName.Equals(family, StringComparison.OrdinalIgnoreCase) && face.GlyphCount > 0;
    }
}
