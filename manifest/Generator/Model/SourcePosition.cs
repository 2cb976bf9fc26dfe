namespace Tracing.Manifest.Model;

/// <summary>A place in the manifest's text.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public readonly record struct SourcePosition(int Line, int Column);
