namespace Tracing.Etl.Reading;

/// <summary>One session in a file: what its header says and where its buffers are. Immutable.</summary>
/// <param name="File">The file it is in.</param>
/// <param name="Source">The file's bytes.</param>
/// <param name="Header">Its header.</param>
/// <param name="Index">Its buffers.</param>
internal sealed record Session(EtlFile File, EtlSource Source, EtlHeader Header, BufferIndex Index);

/// <summary>A session whose times are to be those of another's clock.</summary>
/// <param name="Session">The session.</param>
/// <param name="Clock">From its clock to the other.</param>
internal readonly record struct SessionView(Session Session, ClockMap Clock)
{
    /// <summary>The session on the clock that <paramref name="target"/> describes.</summary>
    public static SessionView On(EtlHeader target, Session session) => new(session, ClockMap.Between(session.Header, target));

    /// <summary>Ticks of the session on the other clock.</summary>
    public long TimeOf(long ticks) => Clock.IsNeeded ? Clock.Map(ticks) : ticks;
}
