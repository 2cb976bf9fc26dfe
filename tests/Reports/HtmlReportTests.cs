using System.Text;
using System.Xml.Linq;
using CsCheck;
using Tracing.Reports.Html;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Tests;

public sealed class HtmlReportTests
{
    [Fact]
    public void The_page_shows_trust_verdict_mutexes_rejections_and_leaks()
    {
        XElement page = Parse(Reports.ByHand);

        Assert.Equal("A", ByClass(page, "grade grade-A").Single().Value);
        Assert.Equal("Warningcontention DeviceQueue was waited for 1.20 s in total.", ByClass(page, "Warning").Single().Value);
        XElement table = ById(page, "mutexes");
        XElement[] rows = [.. table.Element("tbody")!.Elements("tr")];
        Assert.Equal(["DeviceQueue", "Idle"], rows.Select(row => row.Elements("td").First().Attribute("title")!.Value));
        Assert.Equal("DeviceQueueQueue.cs:118", rows[0].Elements("td").First().Value);
        Assert.Equal("1200000000", rows[0].Elements("td").ElementAt(6).Attribute("data-v")!.Value);
        Assert.Equal("1.20 s", rows[0].Elements("td").ElementAt(6).Value);
        Assert.Equal("total", table.Descendants("th").Single(head => head.Attribute("aria-sort") is not null).Value);
        Assert.Contains("DISPATCH_LEVEL (2)", ById(page, "rejections").Value, StringComparison.Ordinal);
        Assert.Contains("leaked", ById(page, "live").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mutex_leads_to_its_lane_in_the_timeline()
    {
        var lane = new TimelineLane { Id = 2, Name = "DeviceQueue", Holds = new TimelineTrack(0, 0, [], []), Waits = new TimelineTrack(0, 0, [], []) };
        XElement table = ById(Parse(Reports.ByHand with { Timeline = new Timeline { Mutexes = [lane] } }), "mutexes");

        Assert.Equal(["#lane=mutex-2"], table.Descendants("a").Select(link => link.Attribute("href")!.Value));
        Assert.Equal("DeviceQueue", table.Descendants("a").Single().Value);
    }

    [Fact]
    public void Each_head_names_the_column_of_its_cells()
    {
        XElement table = ById(Parse(Reports.ByHand), "mutexes");

        XElement[] heads = [.. table.Descendants("th").Where(head => head.Attribute("data-column") is not null)];
        Assert.Equal(Enumerable.Range(0, heads.Length), heads.Select(head => int.Parse(head.Attribute("data-column")!.Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(heads.Length, row.Elements("td").Count()));
        Assert.Equal(heads.Length, table.Descendants("tr").First().Elements("th").Sum(head => int.Parse(head.Attribute("colspan")!.Value, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Nothing_is_fetched_from_anywhere()
    {
        string html = Write(Reports.ByHand);

        Assert.DoesNotContain("http://", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https://", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.All(
            Parse(Reports.ByHand).Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "src" or "srcset" or "href"),
            attribute => Assert.StartsWith("#", attribute.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void The_policy_allows_the_script_that_is_in_the_page()
    {
        XElement page = Parse(Reports.ByHand);

        string policy = page.Descendants("meta").Single(meta => meta.Attribute("http-equiv") is not null).Attribute("content")!.Value;
        string html = Write(Reports.ByHand);
        int start = html.LastIndexOf("<script>", StringComparison.Ordinal) + "<script>".Length;
        string script = html[start..html.IndexOf("</script>", start, StringComparison.Ordinal)];
        string hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.Contains($"script-src 'sha256-{hash}'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_stay_text()
    {
        int scripts = Parse(Reports.ByHand with { Timeline = Timelines.Named("DeviceQueue") }).Descendants("script").Count();
        foreach (string name in Reports.HostileNames)
        {
            LockReport report = Reports.ByHand with
            {
                Trace = Reports.ByHand.Trace with { Files = [name], OsBuild = name, GradeReasons = [name] },
                Findings = [new Finding(FindingSeverity.Error, "leak", name)],
                Mutexes = [Reports.ByHand.Mutexes[1] with { Label = name, Name = name, Site = new SourceSite(name, 1, name) }],
                IrqlRejections = [Reports.ByHand.IrqlRejections[0] with { Mutex = name, Operation = name, Site = new SourceSite(name, 1, name) }],
                LiveMutexes = [Reports.ByHand.LiveMutexes[0] with { Label = name, Name = name }],
                Oddities = [new Oddity("x", 1, 0, name)],
                Timeline = Timelines.Named(name),
            };

            XElement page = Parse(report);
            Assert.Equal(scripts, page.Descendants("script").Count());
            Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
            Assert.Empty(page.Descendants("img"));
            Assert.Equal(SafeText.Name(name), page.Descendants("td").First().Attribute("title")!.Value);
        }
    }

    [Fact]
    public void Any_report_makes_a_well_formed_page() => Reports.Any.Sample(report => Parse(report with { Mutexes = [.. report.Mutexes.Take(3)] }), iter: 10);

    /// <summary>The page is written so that it is XML too: a parser that forgives nothing sees whether every element and quote is closed.</summary>
    private static XElement Parse(LockReport report)
    {
        string html = Write(report);
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        return XElement.Parse(html["<!DOCTYPE html>".Length..]);
    }

    private static string Write(LockReport report)
    {
        using var stream = new MemoryStream();
        HtmlReport.Write(report, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static XElement ById(XElement page, string id) => page.Descendants().Single(element => element.Attribute("id")?.Value == id);

    private static IEnumerable<XElement> ByClass(XElement page, string name) => page.Descendants().Where(element => element.Attribute("class")?.Value == name);
}
