using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Checking;

/// <summary>
/// What must hold in a manifest beyond its schema. Microsoft's eventman.xsd checks the shape of each element alone: a manifest that passes
/// it may still name a keyword that does not exist, or give two events one number. All rules are checked, and all that fail are reported.
/// </summary>
public static class ManifestValidator
{
    /// <summary>Checks a manifest.</summary>
    /// <param name="manifest">As it was read, without problems.</param>
    /// <returns>Everything that is wrong, by position; empty for a manifest from which code can be generated.</returns>
    public static IReadOnlyList<ManifestProblem> Validate(EventManifest manifest) =>
    [
        .. ReferenceRules.Check(manifest)
            .Concat(UniquenessRules.Check(manifest))
            .Concat(ValueRules.Check(manifest))
            .Concat(FieldRules.Check(manifest))
            .Concat(TextRules.Check(manifest))
            .OrderBy(problem => problem.Position.Line)
            .ThenBy(problem => problem.Position.Column),
    ];
}
