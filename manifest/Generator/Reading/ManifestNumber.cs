using System;
using System.Globalization;

namespace Tracing.Manifest.Reading;

/// <summary>Numbers as manifests write them: decimal, or hexadecimal after 0x.</summary>
internal static class ManifestNumber
{
    internal static bool TryParse(string text, out ulong value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
