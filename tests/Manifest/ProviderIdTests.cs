using System.Security.Cryptography;
using System.Text;
using Tracing.Events;

namespace Tracing.Manifest.Tests;

/// <summary>
/// The GUID is the hash of the name that EventSource uses, so that <c>*KMutex-Driver</c> works in PerfView and TraceEvent: a version 5 style
/// UUID over SHA-1, of EventSource's namespace and the upper-case name in big-endian UTF-16. Source: EventSource.GenerateGuidFromName in dotnet/runtime.
/// </summary>
public sealed class ProviderIdTests
{
    private static readonly byte[] Namespace = Convert.FromHexString("482C2DB2C39047C887F81A15BFC130FB");

    [Fact]
    public void The_id_is_the_hash_of_the_name() => Assert.Equal(IdOf(Sources.Manifest.Provider.Name), Sources.Manifest.Provider.Id);

    [Fact]
    public void The_hash_is_the_one_of_EventSource()
    {
        using System.Diagnostics.Tracing.EventSource source = new(Sources.Manifest.Provider.Name);
        Assert.Equal(source.Guid, IdOf(Sources.Manifest.Provider.Name));
    }

    [Fact]
    public void Decoders_and_driver_have_the_id_and_name_of_the_manifest()
    {
        Assert.Equal(Sources.Manifest.Provider.Id, KMutexProvider.Id);
        Assert.Equal(KMutexProvider.Name, Sources.Manifest.Provider.Name);
        Assert.Equal(Sources.Manifest.Provider.Id, DriverId());
    }

    private static unsafe Guid DriverId()
    {
        Guid id;
        Driver.KMutexEvents.CopyProviderIdTo(&id);
        return id;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "The algorithm of the GUID is given; nothing is secured by it.")]
    private static Guid IdOf(string name)
    {
        byte[] hash = SHA1.HashData([.. Namespace, .. Encoding.BigEndianUnicode.GetBytes(name.ToUpperInvariant())]);
        hash[7] = (byte)((hash[7] & 0x0F) | 0x50);
        return new Guid(hash.AsSpan(0, 16));
    }
}
