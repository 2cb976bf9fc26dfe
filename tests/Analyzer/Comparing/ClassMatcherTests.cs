using Tracing.Analysis.Comparing;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests.Comparing;

public sealed class ClassMatcherTests
{
    [Fact]
    public void A_label_is_the_same_wherever_its_mutexes_are_allocated() =>
        Assert.Equal(ClassKey.Of("Queue", Site("a.cs", 1, "Open")), ClassKey.Of("Queue", Site("b.cs", 2, "Start")));

    [Fact]
    public void Without_a_label_the_site_counts_and_not_the_folder_it_was_built_in() =>
        Assert.Equal(ClassKey.Of("", Site("/build/1/a.cs", 1, "Open")), ClassKey.Of("", Site(@"C:\build\2\a.cs", 1, "Open")));

    [Fact]
    public void A_line_that_has_moved_is_found_by_file_and_function() =>
        Assert.Equal([("Open:10", "Open:14"), ("Open:20", "Open:29"), ("Close:5", "Close:5")], Match(["Open:10", "Open:20", "Close:5"], ["Close:5", "Open:29", "Open:14"]));

    [Fact]
    public void When_there_are_more_of_a_function_than_before_none_is_guessed() =>
        Assert.Equal([("Open:20", "Open:20")], Match(["Open:10", "Open:20"], ["Open:12", "Open:20", "Open:33"]));

    [Fact]
    public void Mutexes_without_label_and_site_are_one_class() => Assert.Equal([(":0", ":0")], Match([":0"], [":0", "Open:1"]));

    private static (string, string)[] Match(string[] before, string[] after) =>
        [.. ClassMatcher.Match([.. before.Select(Key)], [.. after.Select(Key)]).Select(match => (Name(match.Key), Name(match.Value)))
            .OrderBy(pair => Array.IndexOf(before, pair.Item1))];

    private static ClassKey Key(string place)
    {
        string[] parts = place.Split(':');
        return parts[0].Length == 0 ? ClassKey.Of("", null) : ClassKey.Of("", Site("a.cs", int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), parts[0]));
    }

    private static string Name(ClassKey key) => $"{key.Member}:{key.Line}";

    private static SourceSite Site(string file, int line, string member) => new(file, line, member);
}
