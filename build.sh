#!/usr/bin/env bash
# Everything that is done with this project, by one verb. Needs the .NET SDK of global.json and git; what else a verb needs
# it installs on Debian (as root or by sudo) or names. build.ps1 has the same verbs for Windows.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
    cat <<'EOF'
usage: ./build.sh VERB

  demo      build the driver, run it under contention in the user-mode host, report on the trace it wrote
  test      check format, build everything, run every test; the last line is 'N passed, N failed, N skipped'
  driver    build artifacts/driver/kmutex.sys with its PDB and import library
  samples   write samples/*.etl anew, and beside each what the simulated kernel saw
  docs      write the reference of events and of exit codes anew from the manifest and the code
  soak      run the driver under 10,000 perturbed schedules; KMUTEX_SCHEDULES=N for another number
  fuzz      feed bad inputs to every reader: fuzz [SECONDS | INPUTSx | =NUMBER] [TARGET...], 20 seconds for each target if nothing is said
  wine      run kmutex.sys as a service under Wine, a second referee; skipped with its reason where Wine cannot be had
  bench     measure, each number as a ratio to something in the same run; 'bench locks' for a hundred million lock events, 'bench long' for a thousand million, 'bench large' for the memory over a file of 10 GB
EOF
}

say() { printf '\n== %s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

# Debian packages by name; on any other system, or without the right to install, says what is missing.
install() {
    if command -v apt-get >/dev/null && as_root apt-get update -qq >&2 \
        && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2; then
        return
    fi
    echo "build.sh: could not install $* by apt-get. Install them, then run this again." >&2
    return 1
}

need_llvm() {
    if ! { command -v lld-link-19 && command -v llvm-mc-19 && command -v llvm-dlltool-19; } >/dev/null; then
        say "Installing the linker and the assembler of LLVM 19"
        install lld-19 llvm-19
    fi
}

# Only tests need it, for a driver in C++ that locks with kmutex.sys; without it they are skipped.
want_clang() {
    if ! command -v clang-19 >/dev/null; then
        say "Installing clang 19"
        install clang-19 || true
    fi
}

# Only the tests of the HTML page need it; without it they are skipped and say so.
want_chromium() {
    if [ -z "${KMUTEX_CHROMIUM:-}" ] && [ ! -x /usr/bin/chromium ] && command -v apt-get >/dev/null; then
        say "Installing Chromium for the tests of the HTML page"
        install chromium || echo "build.sh: no Chromium: the tests that need it are skipped." >&2
    fi
}

build_driver() {
    need_llvm
    say "Building the driver"
    dotnet build driver/KMutex.Driver.csproj -c Release --nologo -v quiet
    ls -l artifacts/driver/kmutex.sys >&2
}

build_command() {
    dotnet build analyzer/Cli/Tracing.Cli.csproj -c Release --nologo -v quiet
}

kmutex() { dotnet analyzer/Cli/bin/Release/net10.0/kmutex.dll "$@"; }

demo() {
    build_driver
    say "Building the kmutex command"
    build_command
    mkdir -p artifacts/demo
    say "Running the real kmutex.sys under a contended workload"
    kmutex run --workload contended --threads 8 --iterations 2000 --hold-us 40 --seed 1 -o artifacts/demo/contended.etl
    say "What the trace says"
    kmutex report artifacts/demo/contended.etl --html artifacts/demo/contended.html
    echo
    echo "The same report with pictures: artifacts/demo/contended.html"
}

run_tests() {
    build_driver
    want_clang
    want_chromium
    say "Building the driver twice more, in two folders: the bytes must be the same"
    dotnet msbuild driver/Reproducibility.proj -nologo
    say "Building everything"
    dotnet build Tracing.sln -c Release --nologo -v quiet
    say "Checking the format"
    # In the configuration just built: the source generator it loads has to be there.
    Configuration=Release dotnet format Tracing.sln --no-restore --verify-no-changes
    say "Running the tests"
    local log status=0
    log=$(mktemp)
    dotnet test --solution Tracing.sln -c Release --no-build 2>&1 | tee "$log" || status=$?
    awk '
        function count() { return $NF + 0 }
        /^Test run summary/ { seen = 1 }
        seen && /^ *succeeded:/ { passed = count() }
        seen && /^ *failed:/ { failed = count() }
        seen && /^ *skipped:/ { skipped = count() }
        END {
            if (!seen) { print "build.sh: no test summary was printed" > "/dev/stderr"; exit 1 }
            printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        }' "$log" || status=1
    rm -f "$log"
    return "$status"
}

# One trace for each line of samples/runs.txt (workload, threads, iterations of each, longest hold in microseconds), small enough to commit,
# with what the simulated kernel saw: the report expected of it.
samples() {
    build_driver
    build_command
    while read -r name threads iterations hold; do
        kmutex run --workload "$name" --threads "$threads" --iterations "$iterations" --hold-us "$hold" --seed 7 --buffer-kb 8 \
            --tally "samples/$name.expected.json" -o "samples/$name.etl"
    done <samples/runs.txt
}

soak() {
    build_driver
    say "Registry churn, rundowns and the unload, under ${KMUTEX_SCHEDULES:=10000} perturbed schedules"
    KMUTEX_SCHEDULES=$KMUTEX_SCHEDULES dotnet run -c Release --project tests/Driver -- \
        --filter-class Tracing.Driver.Tests.Scheduling.ScheduledRunTests --xunit-diagnostics on
}

fuzz() {
    dotnet build tests/Fuzz -c Release --nologo -v quiet
    dotnet tests/Fuzz/bin/Release/net10.0/Tracing.Fuzz.Tests.dll fuzz "$@"
}

want_wine() {
    if ! command -v wine >/dev/null; then
        say "Installing Wine"
        install wine wine64 || true
    fi
}

wine_run() {
    build_driver
    want_clang
    want_wine
    say "Running kmutex.sys under Wine"
    dotnet run -c Release --project tests/Driver -- --filter-class Tracing.Driver.Tests.Wine.WineTests
}

docs() {
    # Their tests make the text; with this they write it, too.
    export KMUTEX_UPDATE_DOCS=1
    dotnet run -c Release --project tests/Manifest -- --filter-class Tracing.Manifest.Tests.ReferenceTests
    dotnet run -c Release --project tests/Cli -- --filter-class Tracing.Cli.Tests.ExitCodeTests
}

bench() {
    build_driver
    dotnet run -c Release --project tests/Benchmarks -- "$@"
}

case "${1:-}" in
    demo) demo ;;
    test) run_tests ;;
    driver) build_driver ;;
    samples) samples ;;
    docs) docs ;;
    soak) soak ;;
    fuzz) fuzz "${@:2}" ;;
    wine) wine_run ;;
    bench) bench "${@:2}" ;;
    -h | --help | help) usage ;;
    *) usage >&2; exit 1 ;;
esac
