<#
.SYNOPSIS
    Everything that is done with this project, by one verb: the same verbs as build.sh, for Windows.
.DESCRIPTION
    Needs the .NET SDK of global.json, git, and for the driver LLVM 19 with lld on PATH (winget install LLVM.LLVM).
.EXAMPLE
    ./build.ps1 demo
#>
param(
    [ValidateSet('demo', 'test', 'driver', 'samples', 'docs', 'soak', 'fuzz', 'bench')][string] $Verb,
    [Parameter(ValueFromRemainingArguments)][string[]] $Rest = @()
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location $PSScriptRoot

function Say([string] $Text) { Write-Host "`n== $Text" }

function Invoke-Native {
    & $args[0] @($args | Select-Object -Skip 1)
    if ($LASTEXITCODE -ne 0) { throw "$($args -join ' ') ended with exit code $LASTEXITCODE" }
}

function Invoke-KMutex { Invoke-Native dotnet analyzer/Cli/bin/Release/net10.0/kmutex.dll @args }

function Build-Driver {
    foreach ($tool in 'lld-link', 'llvm-mc', 'llvm-dlltool', 'llvm-rc') {
        if (-not (Get-Command $tool -ErrorAction SilentlyContinue)) {
            throw "$tool is not on PATH. Install LLVM 19 (winget install LLVM.LLVM) and open a new shell."
        }
    }
    Say 'Building the driver'
    Invoke-Native dotnet build driver/KMutex.Driver.csproj -c Release --nologo -v quiet
}

function Build-Command { Invoke-Native dotnet build analyzer/Cli/Tracing.Cli.csproj -c Release --nologo -v quiet }

function Start-Demo {
    Build-Driver
    Build-Command
    New-Item -ItemType Directory -Force artifacts/demo | Out-Null
    Say 'Running the real kmutex.sys under a contended workload'
    Invoke-KMutex run --workload contended --threads 8 --iterations 2000 --hold-us 40 --seed 1 -o artifacts/demo/contended.etl
    Say 'What the trace says'
    Invoke-KMutex report artifacts/demo/contended.etl --html artifacts/demo/contended.html
    Write-Host "`nThe same report with pictures: artifacts/demo/contended.html"
}

function Start-Test {
    Build-Driver
    Say 'Building the driver twice more, in two folders: the bytes must be the same'
    Invoke-Native dotnet msbuild driver/Reproducibility.proj -nologo
    Say 'Building everything'
    Invoke-Native dotnet build Tracing.sln -c Release --nologo -v quiet
    Say 'Checking the format'
    # In the configuration just built: the source generator it loads has to be there.
    $env:Configuration = 'Release'
    Invoke-Native dotnet format Tracing.sln --no-restore --verify-no-changes
    Say 'Running the tests'
    Invoke-Native dotnet test --solution Tracing.sln -c Release --no-build
}

function Write-Samples {
    Build-Driver
    Build-Command
    foreach ($line in Get-Content samples/runs.txt) {
        $name, $threads, $iterations, $hold = $line -split ' '
        Invoke-KMutex run --workload $name --threads $threads --iterations $iterations --hold-us $hold --seed 7 --buffer-kb 8 `
            --tally "samples/$name.expected.json" -o "samples/$name.etl"
    }
}

function Write-Docs {
    # Their tests make the text; with this they write it, too.
    $env:KMUTEX_UPDATE_DOCS = '1'
    Invoke-Native dotnet run -c Release --project tests/Manifest -- --filter-class Tracing.Manifest.Tests.ReferenceTests
    Invoke-Native dotnet run -c Release --project tests/Cli -- --filter-class Tracing.Cli.Tests.ExitCodeTests
}

function Start-Soak {
    Build-Driver
    if (-not $env:KMUTEX_SCHEDULES) { $env:KMUTEX_SCHEDULES = 10000 }
    Invoke-Native dotnet run -c Release --project tests/Driver -- `
        --filter-class Tracing.Driver.Tests.Scheduling.ScheduledRunTests --xunit-diagnostics on
}

function Start-Fuzz {
    Invoke-Native dotnet build tests/Fuzz -c Release --nologo -v quiet
    Invoke-Native dotnet tests/Fuzz/bin/Release/net10.0/Tracing.Fuzz.Tests.dll fuzz @Rest
}

function Start-Bench {
    Build-Driver
    Invoke-Native dotnet run -c Release --project tests/Benchmarks -- @Rest
}

switch ($Verb) {
    'demo' { Start-Demo }
    'test' { Start-Test }
    'driver' { Build-Driver }
    'samples' { Write-Samples }
    'docs' { Write-Docs }
    'soak' { Start-Soak }
    'fuzz' { Start-Fuzz }
    'bench' { Start-Bench }
    default { Get-Help $PSCommandPath }
}
