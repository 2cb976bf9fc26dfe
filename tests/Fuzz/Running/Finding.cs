namespace Tracing.Fuzz.Running;

/// <summary>An input that broke a promise.</summary>
/// <param name="Target">Whose.</param>
/// <param name="Number">Its number, from which it is made again.</param>
/// <param name="Exception">What was thrown.</param>
/// <param name="Input">The input.</param>
internal sealed record Finding(string Target, long Number, Exception Exception, byte[] Input)
{
    /// <summary>Where it was thrown: findings of one place are one.</summary>
    public string Place { get; } = $"{Exception.GetType().Name}{Exception.StackTrace?.Split('\n')[0]}";

    public override string ToString() => $"FINDING {Target} ={Number}: {Exception}";
}
