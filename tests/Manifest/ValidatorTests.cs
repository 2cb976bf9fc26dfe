using Tracing.Manifest.Checking;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Tests;

/// <summary>Each rule of the validator, by a manifest that breaks it and little else. Most of these pass Microsoft's schema.</summary>
public sealed class ValidatorTests
{
    /// <summary>What stands in the sound manifest, what replaces it, and what must be said.</summary>
    public static TheoryData<string, string, string> BrokenReferences => new()
    {
        { "keywords=\"Irql\"", "keywords=\"Irq\"", "The event IrqlRejected refers to the keyword 'Irq', which does not exist." },
        { "task=\"Misuse\"", "task=\"Abuse\"", "The event MisuseDetected refers to the task 'Abuse', which does not exist." },
        { "opcode=\"Block\"", "opcode=\"Blocked\"", "The event AcquireBlocked refers to the opcode 'Blocked', which does not exist." },
        { "opcode=\"win:DC_Stop\"", "opcode=\"win:DC_End\"", "The event RundownEnded refers to the opcode 'win:DC_End', which does not exist." },
        { "level=\"win:Verbose\"", "level=\"win:Chatty\"", "The event MutexAcquired refers to the level 'win:Chatty', which does not exist." },
        { "level=\"win:Verbose\"", "level=\"win:LogAlways\"", "The event MutexReleased refers to the level 'win:LogAlways', which does not exist." },
        { "template=\"MutexFreed\"", "template=\"MutexGone\"", "The event MutexFreed refers to the template 'MutexGone', which does not exist." },
        { "map=\"AcquireFailure\"", "map=\"AcquireFault\"", "The field Reason refers to the map 'AcquireFault', which does not exist." },
        { "<string id=\"event.MutexState\"", "<string id=\"event.State\"", "The event MutexState refers to the string 'event.MutexState', which does not exist." },
        { "<string id=\"keyword.Lock\"", "<string id=\"keyword.Locks\"", "The keyword Lock refers to the string 'keyword.Lock', which does not exist." },
        { "<string id=\"map.FreeReason.ToOwned\"", "<string id=\"map.FreeReason.Moved\"", "The value 2 of map FreeReason refers to the string 'map.FreeReason.ToOwned', which does not exist." },
        { "<string id=\"task.Site\"", "<string id=\"task.Place\"", "The task Site refers to the string 'task.Site', which does not exist." },
        { "<string id=\"opcode.Free\"", "<string id=\"opcode.Gone\"", "The opcode Free refers to the string 'opcode.Free', which does not exist." },
        { "<string id=\"provider\"", "<string id=\"name\"", "The provider KMutex-Driver refers to the string 'provider', which does not exist." },
    };

    public static TheoryData<string, string, string> DeclaredInVain => new()
    {
        { "</stringTable>", "<string id=\"spare\" value=\"Spare\"/></stringTable>", "The string 'spare' is used nowhere." },
        { "</keywords>", "<keyword name=\"Spare\" mask=\"0x40\" symbol=\"SPARE\" message=\"$(string.provider)\">Spare.</keyword></keywords>", "The keyword 'Spare' is used nowhere." },
        { "task=\"Misuse\"", "task=\"Irql\"", "The task 'Misuse' is used nowhere." },
        { "opcode=\"Block\"", "opcode=\"win:Info\"", "The opcode 'Block' is used nowhere." },
        { "template=\"RundownEnded\"", "template=\"RundownStarted\"", "The template 'RundownEnded' is used nowhere." },
        { " map=\"LockOperation\"", "", "The map 'LockOperation' is used nowhere." },
    };

    public static TheoryData<string, string, string> Doubles => new()
    {
        { "<event value=\"15\"", "<event value=\"14\"", "The event number '14' is there already" },
        { "name=\"MutexReleasedContended\" symbol=\"MutexReleasedContended\"", "name=\"MutexReleased\" symbol=\"MutexReleased\"", "The event name 'MutexReleased' is there already" },
        { "opcode=\"AcquireContended\" template", "opcode=\"Acquire\" template", "The name that tools give an event, task/opcode, 'Lock/Acquire' is there already" },
        { "<keyword name=\"Lock\"", "<keyword name=\"Irql\"", "The keyword name 'Irql' is there already" },
        { "mask=\"0x08\"", "mask=\"0x04\"", "The keyword mask '0x4' is there already" },
        { "<task name=\"Site\"", "<task name=\"Mutex\"", "The task name 'Mutex' is there already" },
        { "<task name=\"Site\" value=\"3\"", "<task name=\"Site\" value=\"2\"", "The task value '2' is there already" },
        { "<opcode name=\"Free\"", "<opcode name=\"Allocate\"", "The opcode name 'Allocate' is there already" },
        { "<opcode name=\"Free\" value=\"11\"", "<opcode name=\"Free\" value=\"10\"", "The opcode value '10' is there already" },
        { "<valueMap name=\"FreeReason\"", "<valueMap name=\"MutexKind\"", "The map name 'MutexKind' is there already" },
        { "<template tid=\"RundownEnded\"", "<template tid=\"RundownStarted\"", "The template name 'RundownStarted' is there already" },
        { "<string id=\"task.Site\"", "<string id=\"task.Mutex\"", "The string id 'task.Mutex' is there already" },
        { "<map value=\"6\" symbol=\"KMUTEX_MISUSE_LABEL_IN_USE\"", "<map value=\"5\" symbol=\"KMUTEX_MISUSE_LABEL_IN_USE\"", "The value of map MisuseKind '5' is there already" },
        { "message=\"$(string.map.LockOperation.TryLock)\"", "message=\"$(string.map.LockOperation.Lock)\"", "The value name of map LockOperation 'map.LockOperation.Lock' is there already" },
        { "<data name=\"FailedAt\"", "<data name=\"RequestedAt\"", "The field name of template AcquireFailed 'RequestedAt' is there already" },
        { "symbol=\"KMUTEX_TASK_SITE\"", "symbol=\"KMUTEX_TASK_LOCK\"", "The symbol 'KMUTEX_TASK_LOCK' is there already" },
        { "symbol=\"KMUTEX_KIND_KMUTEX\"", "symbol=\"KMUTEX_DRIVER\"", "The symbol 'KMUTEX_DRIVER' is there already" },
    };

    public static TheoryData<string, string, string> NumbersOutOfPlace => new()
    {
        { "mask=\"0x10\"", "mask=\"0x50\"", "The mask 0x50 of keyword Misuse is not a single bit." },
        { "mask=\"0x10\"", "mask=\"0x0\"", "The mask 0x0 of keyword Misuse is not a single bit." },
        { "mask=\"0x10\"", "mask=\"0x1000000000000\"", "The mask 0x1000000000000 of keyword Misuse is among bits 48 to 63, which Windows reserves." },
        { "<task name=\"Provider\" value=\"1\"", "<task name=\"Provider\" value=\"0\"", "The task Provider has the value 0, which means 'no task'." },
        { "name=\"Allocate\" value=\"10\"", "name=\"Allocate\" value=\"9\"", "The opcode Allocate has the value 9, expected 10 to 239" },
        { "name=\"State\" value=\"22\"", "name=\"State\" value=\"240\"", "The opcode State has the value 240, expected 10 to 239" },
        { "<map value=\"1\" symbol=\"KMUTEX_OPERATION_NEW\"", "<map value=\"0\" symbol=\"KMUTEX_OPERATION_NEW\"", "The map LockOperation names the value 0, expected 1 to 255" },
        { "<map value=\"1\" symbol=\"KMUTEX_OPERATION_NEW\"", "<map value=\"256\" symbol=\"KMUTEX_OPERATION_NEW\"", "The map LockOperation names the value 256, expected 1 to 255" },
        { "<map value=\"0x04\" symbol=\"KMUTEX_ACQUIRED_TIMED\"", "<map value=\"0x06\" symbol=\"KMUTEX_ACQUIRED_TIMED\"", "The bit map AcquiredFlags names 0x6, which is not a single bit." },
        { "<event value=\"40\"", "<event value=\"64\"", "The event ProviderStopped has the number 64, expected 1 to 63" },
        { "<event value=\"1\"", "<event value=\"0\"", "The event ProviderStarted has the number 0, expected 1 to 63" },
        { "symbol=\"MisuseDetected\"", "symbol=\"MISUSE_DETECTED\"", "The event MisuseDetected has the symbol 'MISUSE_DETECTED', expected its name" },
        { "keywords=\"Irql\"", "keywords=\"\"", "The event IrqlRejected has no keyword" },
    };

    public static TheoryData<string, string, string> FieldsOutOfPlace => new()
    {
        { "<data name=\"LiveBytes\" inType=\"win:UInt64\"", "<data name=\"LiveBytes\" inType=\"win:SizeT\"", "The field LiveBytes has the type 'win:SizeT', expected one of: win:UInt8, win:UInt16," },
        { "<data name=\"LiveBytes\" inType=\"win:UInt64\"", "<data name=\"LiveBytes\" inType=\"win:UInt64\" outType=\"win:TID\"", "The field LiveBytes of type win:UInt64 has the outType 'win:TID', expected one of: xs:unsignedLong, win:HexInt64." },
        { "<data name=\"Operation\" inType=\"win:UInt8\"", "<data name=\"Operation\" inType=\"win:UInt32\"", "The field Operation has a map and the type win:UInt32, expected win:UInt8." },
        { "<data name=\"Line\" inType=\"win:UInt32\">", "<data name=\"Text\" inType=\"win:UnicodeString\">x</data><data name=\"Line\" inType=\"win:UInt32\">", "The field Line comes after the string Text" },
    };

    public static TheoryData<string, string, string> TextsOutOfPlace => new()
    {
        { "<data name=\"LiveBytes\"", "<data name=\"Live Bytes\"", "The field Live Bytes becomes 'Live Bytes' in C#, expected a capital letter and then letters and digits." },
        { "<data name=\"LiveBytes\"", "<data name=\"liveBytes\"", "The field liveBytes becomes 'liveBytes' in C#, expected a capital letter" },
        { "value=\"TimedOut\"", "value=\"Timed out\"", "The value 1 of map AcquireFailure becomes 'Timed out' in C#, expected a capital letter" },
        { ">Size of their pool allocations, in bytes.<", "><", "The field LiveBytes has no text inside its element" },
        { ">A rundown has ended.<", "> <", "The event RundownEnded has no text inside its element" },
        { ">Double release, release by another thread, free while held and the like.<", "><", "The keyword Misuse has no text inside its element" },
        { ">IRQL checks.<", "><", "The task Irql has no text inside its element" },
        { ">Allocating a mutex.<", "><", "The value 1 of map LockOperation has no text inside its element" },
        { "Rundown %1 has ended: %2 mutexes written.", "Rundown %1 has ended: %3 mutexes written.", "The message of event RundownEnded inserts %3, expected %1 to %2." },
        { "Rundown %1 has ended: %2 mutexes written.", "Rundown %0 has ended: %2 mutexes written.", "The message of event RundownEnded inserts %0, expected %1 to %2." },
        { "value=\"Rundown %1 has ended: %2 mutexes written.\"", "value=\"\"", "The string 'event.RundownEnded' is empty." },
    };

    [Fact]
    public void The_manifest_breaks_no_rule() => Assert.Empty(ManifestValidator.Validate(Sources.Manifest));

    [Theory]
    [MemberData(nameof(BrokenReferences))]
    public void A_reference_to_nothing_is_found(string sound, string broken, string expected) => AssertSaid(sound, broken, expected);

    [Theory]
    [MemberData(nameof(DeclaredInVain))]
    public void What_nobody_uses_is_found(string sound, string broken, string expected) => AssertSaid(sound, broken, expected);

    [Theory]
    [MemberData(nameof(Doubles))]
    public void What_is_there_twice_is_found(string sound, string broken, string expected) => AssertSaid(sound, broken, expected);

    [Theory]
    [MemberData(nameof(NumbersOutOfPlace))]
    public void A_number_out_of_place_is_found(string sound, string broken, string expected) => AssertSaid(sound, broken, expected);

    [Theory]
    [MemberData(nameof(FieldsOutOfPlace))]
    public void A_field_that_cannot_be_written_or_read_is_found(string sound, string broken, string expected) => AssertSaid(sound, broken, expected);

    [Theory]
    [MemberData(nameof(TextsOutOfPlace))]
    public void A_name_or_text_out_of_place_is_found(string sound, string broken, string expected) => AssertSaid(sound, broken, expected);

    [Fact]
    public void A_template_without_fields_is_found()
    {
        int start = Sources.ManifestText.IndexOf("<template tid=\"RundownEnded\">", StringComparison.Ordinal);
        int end = Sources.ManifestText.IndexOf("</template>", start, StringComparison.Ordinal);
        string broken = Sources.ManifestText[..start] + "<template tid=\"RundownEnded\">" + Sources.ManifestText[end..];
        Assert.Contains(BrokenManifest.ProblemsOf(broken), problem => problem.Message == "The template RundownEnded has no fields.");
    }

    [Fact]
    public void A_problem_is_where_it_says()
    {
        string text = BrokenManifest.Text("keywords=\"Irql\"", "keywords=\"Irq\"");
        ManifestProblem problem = Assert.Single(BrokenManifest.ProblemsOf(text), problem => problem.Message.Contains("'Irq'", StringComparison.Ordinal));
        Assert.Equal(BrokenManifest.LineOf(text, "keywords=\"Irq\""), problem.Position.Line);
    }

    [Fact]
    public void Everything_wrong_is_said_in_the_order_of_the_file()
    {
        string text = BrokenManifest.Text("mask=\"0x10\"", "mask=\"0x50\"")
            .Replace("task=\"Misuse\"", "task=\"Abuse\"", StringComparison.Ordinal)
            .Replace("name=\"State\" value=\"22\"", "name=\"State\" value=\"240\"", StringComparison.Ordinal);
        IReadOnlyList<ManifestProblem> problems = BrokenManifest.ProblemsOf(text);
        string[] subjects = ["keyword Misuse", "task 'Misuse'", "opcode State", "event MisuseDetected"];
        Assert.Equal(subjects.Length, problems.Count);
        Assert.All(subjects.Zip(problems), pair => Assert.Contains(pair.First, pair.Second.Message, StringComparison.Ordinal));
    }

    private static void AssertSaid(string sound, string broken, string expected) =>
        Assert.Contains(BrokenManifest.ProblemsOf(BrokenManifest.Text(sound, broken)), problem => problem.Message.StartsWith(expected, StringComparison.Ordinal));
}
