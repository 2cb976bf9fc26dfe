using Tracing.Analysis.Loads;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>What a site is called for short is what it was last known to be, however often it was asked for before.</summary>
public sealed class SiteNameTests
{
    private readonly SiteTable _sites = new();

    [Fact]
    public void It_shows_its_number_until_it_is_defined()
    {
        Assert.Equal("site 7", _sites.ShortOf(7));
        _ = _sites.Get(7);
        Assert.Equal("site 7", _sites.ShortOf(7));
        _sites.Define(7, new SourceSite("C:/driver/Queue.cs", 118, "Push"));
        Assert.Equal("Queue.cs:118", _sites.ShortOf(7));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_stand_in_is_made_once(bool isUsed)
    {
        _ = isUsed ? _sites.Get(7) : null;
        Assert.Equal(new SourceSite("", 0, "site 7"), _sites.Find(7));
        Assert.Same(_sites.Find(7), _sites.Find(7));
        Assert.NotEqual(_sites.Find(7), _sites.Find(8));
        SourceSite site = new("Queue.cs", 118, "Push");
        _sites.Define(7, site);
        Assert.Same(site, _sites.Find(7));
    }

    [Fact]
    public void The_first_definition_stays()
    {
        _sites.Define(7, new SourceSite("Queue.cs", 118, "Push"));
        _sites.Define(7, new SourceSite("Pool.cs", 5, "Take"));
        Assert.Equal("Queue.cs:118", _sites.ShortOf(7));
    }

    [Fact]
    public void Number_0_is_no_site()
    {
        _sites.Define(0, new SourceSite("Queue.cs", 118, "Push"));
        Assert.Equal("", _sites.ShortOf(0));
    }
}
