using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Tracing.Driver.Tests;

/// <summary>The kernel that tests play and the one that the driver imports are called in the same way.</summary>
public sealed partial class KernelTests
{
    [Fact]
    public void The_played_kernel_has_the_signatures_of_the_imports()
    {
        Dictionary<string, string> imports = Signatures(Directory.GetFiles(Path.Combine(Root(), "driver", "Kernel"), "Kernel.*.cs"));
        Dictionary<string, string> played = Signatures([Path.Combine(Root(), "tests", "Locks", "Kernel.cs")]);
        Assert.NotEmpty(played);
        Assert.All(played, function => Assert.Equal(imports[function.Key], function.Value));
    }

    private static Dictionary<string, string> Signatures(IEnumerable<string> files) => files
        .SelectMany(file => Function().Matches(File.ReadAllText(file)))
        .ToDictionary(match => match.Groups["name"].Value, match => Space().Replace($"{match.Groups["type"].Value}({match.Groups["parameters"].Value})", ""));

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "driver", "KMutex.Driver.csproj")))
        {
            folder = folder.Parent;
        }

        Assert.True(folder is not null, $"No folder above {AppContext.BaseDirectory} holds driver/KMutex.Driver.csproj: run the tests inside the repository.");
        return folder.FullName;
    }

    [GeneratedRegex(@"internal static (extern )?(?<type>[\w*]+) (?<name>(Db|Ke|Ex|Etw|Ob|Ps|Se|Io|Zw)\w+)\((?<parameters>[^)]*)\)")]
    private static partial Regex Function();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
