namespace Tracing.Etl.Format;

/// <summary>What a buffer is for (docs: ETL format notes, section 1.1).</summary>
internal enum BufferType : ushort
{
    Generic = 0,
    Rundown = 1,
    ContextSwitch = 2,
    ReferenceTime = 3,
    Header = 4,
    Batched = 5,
    EmptyMarker = 6,
    DebugInfo = 7,
}
