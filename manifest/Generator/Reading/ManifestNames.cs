using System.Xml.Linq;

namespace Tracing.Manifest.Reading;

/// <summary>The names of the manifest's elements. The namespaces are http, not https: they are names, not addresses.</summary>
internal static class ManifestNames
{
    internal static readonly XNamespace Events = "http://schemas.microsoft.com/win/2004/08/events";

    internal static readonly XName Root = Events + "instrumentationManifest";

    internal static readonly XName Provider = Events + "provider";

    internal static readonly XName String = Events + "string";

    internal static readonly string[] ProviderParts = ["keywords", "tasks", "opcodes", "maps", "templates", "events"];
}
