using System.Collections.Generic;

namespace Tracing.Manifest.Model;

/// <summary>The levels and opcodes every manifest may use without defining them. Source: winmeta.xml of the Windows SDK.</summary>
public static class StandardNames
{
    /// <summary>Levels by name. <c>win:LogAlways</c> (0) is missing on purpose: such an event could not be switched off by level.</summary>
    public static IReadOnlyDictionary<string, uint> Levels { get; } = new Dictionary<string, uint>
    {
        ["win:Critical"] = 1,
        ["win:Error"] = 2,
        ["win:Warning"] = 3,
        ["win:Informational"] = 4,
        ["win:Verbose"] = 5,
    };

    /// <summary>Opcodes by name.</summary>
    public static IReadOnlyDictionary<string, uint> Opcodes { get; } = new Dictionary<string, uint>
    {
        ["win:Info"] = 0,
        ["win:Start"] = 1,
        ["win:Stop"] = 2,
        ["win:DC_Start"] = 3,
        ["win:DC_Stop"] = 4,
        ["win:Extension"] = 5,
        ["win:Reply"] = 6,
        ["win:Resume"] = 7,
        ["win:Suspend"] = 8,
        ["win:Send"] = 9,
        ["win:Receive"] = 240,
    };
}
