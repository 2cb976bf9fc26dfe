namespace Tracing.Manifest.Emitting;

/// <summary>A file of generated source.</summary>
/// <param name="Name">Its name, unique within one output.</param>
/// <param name="Text">Its text, lines ended by line feeds.</param>
public sealed record GeneratedFile(string Name, string Text);
