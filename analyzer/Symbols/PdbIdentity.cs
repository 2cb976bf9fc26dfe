namespace Tracing.Symbols;

/// <summary>What ties an image to its program database: both carry it since they were linked together.</summary>
/// <param name="Signature">Made anew by each link.</param>
/// <param name="Age">How often the database was written since.</param>
public readonly record struct PdbIdentity(Guid Signature, int Age)
{
    /// <summary>As symbol servers write it in the name of a folder: the GUID without dashes and the age, in hexadecimal.</summary>
    public override string ToString() => $"{Signature:N}{Age:x}".ToUpperInvariant();
}
