using System.Runtime.CompilerServices;

// C# proves every local assigned before it is read, and stack buffers are filled right where they are made: zeroing them first would only
// cost time, on each acquire and on each event.
[module: SkipLocalsInit]
