namespace Tracing.Analysis.Timelines;

/// <summary>Divides a number of places: who needs few gets what it needs, and those who need more get equally many.</summary>
internal static class FairShare
{
    /// <summary>The most that anybody may have, so that all together have no more than there is.</summary>
    /// <param name="needs">What each needs.</param>
    /// <param name="places">What there is.</param>
    public static int Of(IEnumerable<int> needs, int places)
    {
        int[] rising = [.. needs.Order()];
        for (int i = 0; i < rising.Length; i++)
        {
            int share = places / (rising.Length - i);
            if (rising[i] > share)
            {
                return share;
            }

            places -= rising[i];
        }

        return int.MaxValue;
    }
}
