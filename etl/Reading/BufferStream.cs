namespace Tracing.Etl.Reading;

/// <summary>The buffers of one processor, in sequence: a range of <see cref="BufferIndex.Order"/>.</summary>
/// <param name="Start">First position in the order.</param>
/// <param name="End">Position after the last.</param>
/// <param name="LargestContent">Bytes that its largest buffer decompresses to.</param>
/// <param name="TimeBefore">Raw ticks for records that come before any that has a time.</param>
internal readonly record struct BufferStream(int Start, int End, int LargestContent, long TimeBefore = 0);
