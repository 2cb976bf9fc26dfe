using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tracing.Analysis.Durations;

/// <summary>
/// Counts durations in buckets that grow with the duration: 64 buckets of equal width per power of two. A value below 128 has a bucket of its own.
/// </summary>
/// <remarks>
/// <para>A bucket spans 1/64 of its lower bound at most, and <see cref="Quantile"/> answers with the bucket's middle, so the answer lies within
/// 1/128 (0.8 %) of a recorded value of that rank. Bucket bounds do not depend on what was recorded: two histograms merge without loss.</para>
/// <para>Memory follows the number of different durations: up to sixteen lie in a short sorted list, and only then a page of 64 counters is taken
/// per power of two that occurs. All pages lie in one array behind their directory, so that to count is to touch two lines of memory.</para>
/// <para>Not safe for writing from several threads.</para>
/// </remarks>
public sealed class LogLinearHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int LongestList = 16;

    // The directory: for each power of two, in a byte, which page of the array is its own; 0 for none yet.
    private const int DirectoryLength = 64 / sizeof(long);

    private (int Bucket, long Count)[]? _list = new (int, long)[2];
    private int _listLength;
    private long[]? _counts;

    /// <summary>Recorded values.</summary>
    public long Count { get; private set; }

    /// <summary>Says that a duration is about to be recorded.</summary>
    internal void Prefetch() => CacheLine.Prefetch(in _listLength);

    /// <summary>Records one duration.</summary>
    /// <param name="ticks">The duration in clock ticks.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong ticks)
    {
        int bucket = BucketOf(ticks);
        if (_counts is long[] counts && Directory(counts)[bucket >> SubBucketBits] is byte page and > 0)
        {
            Count++;
            counts[IndexOf(page, bucket)]++;
        }
        else
        {
            Add(bucket, 1);
        }
    }

    /// <summary>Adds what another histogram has recorded, as if it had been recorded here.</summary>
    public void Merge(LogLinearHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach ((int bucket, long count) in other.Buckets())
        {
            Add(bucket, count);
        }
    }

    /// <summary>A value that the given share of the recorded durations does not exceed; 0 when nothing is recorded.</summary>
    /// <param name="numerator">The share is <paramref name="numerator"/> of <paramref name="denominator"/>; 99 of 100 is p99.</param>
    /// <param name="denominator">See <paramref name="numerator"/>.</param>
    /// <returns>The middle of the bucket in which the value of that rank lies, in ticks.</returns>
    public ulong Quantile(int numerator, int denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(numerator, denominator);
        return QuantileOf(Buckets(), Count, numerator, denominator);
    }

    /// <summary>The same of buckets that were taken before, for those who ask several times.</summary>
    internal static ulong QuantileOf(ReadOnlySpan<(int Bucket, long Count)> buckets, long all, int numerator, int denominator)
    {
        long rank = Math.Max(1, (long)(((Int128)all * numerator + denominator - 1) / denominator));
        long passed = 0;
        foreach ((int bucket, long count) in buckets)
        {
            passed += count;
            if (passed >= rank)
            {
                return LowerBound(bucket) + ((WidthOf(bucket) - 1) >> 1);
            }
        }

        return 0;
    }

    /// <summary>The buckets that hold something, by ascending duration.</summary>
    public (int Bucket, long Count)[] Buckets()
    {
        if (_counts is null)
        {
            return [.. _list.AsSpan(0, _listLength)];
        }

        List<(int, long)> buckets = [];
        for (int bucket = 0; bucket < SubBuckets * SubBuckets; bucket++)
        {
            byte page = Directory(_counts)[bucket >> SubBucketBits];
            if (page == 0)
            {
                bucket += SubBuckets - 1;
            }
            else if (_counts[IndexOf(page, bucket)] is long count and > 0)
            {
                buckets.Add((bucket, count));
            }
        }

        return [.. buckets];
    }

    /// <summary>The bucket that a duration falls into.</summary>
    public static int BucketOf(ulong ticks)
    {
        if (ticks < SubBuckets)
        {
            return (int)ticks;
        }

        // The six bits below the leading one choose the bucket within its power of two; page 1 begins at 64.
        int shift = BitOperations.Log2(ticks) - SubBucketBits;
        return ((shift + 1) << SubBucketBits) + (int)((ticks >> shift) & (SubBuckets - 1));
    }

    /// <summary>The shortest duration of a bucket, in ticks.</summary>
    public static ulong LowerBound(int bucket)
    {
        int page = bucket >> SubBucketBits;
        ulong within = (ulong)(bucket & (SubBuckets - 1));
        return page == 0 ? within : (SubBuckets + within) << (page - 1);
    }

    /// <summary>How many different durations, in ticks, share a bucket.</summary>
    public static ulong WidthOf(int bucket) => bucket < SubBuckets ? 1 : 1UL << ((bucket >> SubBucketBits) - 1);

    /// <summary>Records durations of one bucket.</summary>
    internal void Add(int bucket, long count)
    {
        Count += count;
        if (_counts is not null)
        {
            AddToPage(bucket, count);
        }
        else
        {
            AddToList(_list!, bucket, count);
        }
    }

    private void AddToList((int Bucket, long Count)[] list, int bucket, long count)
    {
        int at = _listLength;
        while (at > 0 && list[at - 1].Bucket >= bucket)
        {
            at--;
        }

        if (at < _listLength && list[at].Bucket == bucket)
        {
            list[at].Count += count;
            return;
        }

        if (_listLength == LongestList)
        {
            MoveListToPages(list);
            AddToPage(bucket, count);
            return;
        }

        if (_listLength == list.Length)
        {
            Array.Resize(ref list, list.Length * 2);
            _list = list;
        }

        Array.Copy(list, at, list, at + 1, _listLength - at);
        list[at] = (bucket, count);
        _listLength++;
    }

    private void MoveListToPages((int Bucket, long Count)[] list)
    {
        _counts = new long[DirectoryLength];
        for (int i = 0; i < _listLength; i++)
        {
            AddToPage(list[i].Bucket, list[i].Count);
        }

        _list = null;
        _listLength = 0;
    }

    private void AddToPage(int bucket, long count)
    {
        ref byte page = ref Directory(_counts!)[bucket >> SubBucketBits];
        if (page == 0)
        {
            byte made = (byte)(((_counts!.Length - DirectoryLength) / SubBuckets) + 1);
            Array.Resize(ref _counts, _counts.Length + SubBuckets);
            page = ref Directory(_counts)[bucket >> SubBucketBits];
            page = made;
        }

        _counts![IndexOf(page, bucket)] += count;
    }

    private static Span<byte> Directory(long[] counts) => MemoryMarshal.AsBytes(counts.AsSpan(0, DirectoryLength));

    private static int IndexOf(byte page, int bucket) => DirectoryLength + ((page - 1) << SubBucketBits) + (bucket & (SubBuckets - 1));
}
