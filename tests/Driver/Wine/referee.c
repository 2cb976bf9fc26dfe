// Installs kmutex.sys as a service, starts it, has it run workloads through its device, stops it and removes it: what an administrator does by sc.exe, in one
// program. For each workload it prints a line of numbers; the exit code is the step that failed, or zero.
//
//     referee.exe KMUTEX.SYS BRIDGE.SYS|- ITERATIONS HOLD-US SEED WORKLOAD THREADS [WORKLOAD THREADS]...
//
// BRIDGE.SYS is a driver that is started before, "-" none: then it also runs on Windows, as administrator with test signing on.

typedef unsigned int u32;
typedef unsigned long long u64;
typedef void *HANDLE;

#define IMPORT __declspec(dllimport)
IMPORT HANDLE OpenSCManagerA(const char *machine, const char *database, u32 access);
IMPORT HANDLE CreateServiceA(
    HANDLE manager, const char *name, const char *shown, u32 access, u32 type, u32 start, u32 errors, const char *path, const char *group, u32 *tag,
    const char *dependencies, const char *account, const char *password);
IMPORT int StartServiceA(HANDLE service, u32 count, const char **arguments);
IMPORT int ControlService(HANDLE service, u32 control, u32 *status);
IMPORT int QueryServiceStatus(HANDLE service, u32 *status);
IMPORT int DeleteService(HANDLE service);
IMPORT int OpenProcessToken(HANDLE process, u32 access, HANDLE *token);
IMPORT int LookupPrivilegeValueA(const char *system, const char *name, u64 *luid);
IMPORT int AdjustTokenPrivileges(HANDLE token, int disable, const void *state, u32 length, void *before, u32 *needed);
IMPORT HANDLE CreateFileA(const char *path, u32 access, u32 share, void *security, u32 disposition, u32 flags, HANDLE other);
IMPORT int DeviceIoControl(HANDLE device, u32 code, void *in, u32 in_length, void *out, u32 out_length, u32 *returned, void *overlapped);
IMPORT int CloseHandle(HANDLE handle);
IMPORT u32 GetLastError(void);
IMPORT void Sleep(u32 milliseconds);
IMPORT __attribute__((noreturn)) void ExitProcess(u32 code);
IMPORT int printf(const char *format, ...);
IMPORT int fflush(void *file);
IMPORT u64 _strtoui64(const char *text, char **end, int base);
IMPORT int __getmainargs(int *count, char ***arguments, char ***environment, int wildcards, int *start);

int _fltused;

// As driver/Workloads/WorkloadContract.cs lays them out.
typedef struct { u32 size, workload, threads, iterations, hold, reserved; u64 seed; } REQUEST;
typedef struct { u32 size, threads; u64 acquires, rejections, refusals, failures; u32 live, reserved; } RESULT;

static const u32 run_workload = (0x22 << 16) | (3 << 14) | (0x800 << 2);

static __attribute__((noreturn)) void fail(u32 step, const char *what) {
    printf("error: %s failed with %u\n", what, GetLastError());
    (void)fflush(0);
    ExitProcess(step);
}

static HANDLE start(HANDLE manager, const char *name, const char *path) {
    const u32 all = 0xF01FF, kernel_driver = 1, on_demand = 3, normal = 1;
    // One group: Wine loads the drivers of a group into one process.
    HANDLE service = CreateServiceA(manager, name, 0, all, kernel_driver, on_demand, normal, path, "KMutex", 0, 0, 0, 0);
    if (!service) {
        fail(2, "CreateService");
    }

    if (!StartServiceA(service, 0, 0)) {
        printf("%s: ", name);
        fail(3, "StartService");
    }

    return service;
}

static void stop(HANDLE service) {
    u32 status[7];
    if (!ControlService(service, 1, status)) {
        fail(6, "ControlService");
    }

    for (int i = 0; i < 100 && QueryServiceStatus(service, status) && status[1] != 1; i++) {
        Sleep(50);
    }

    printf("state after stop: %u\n", status[1]);
    if (!DeleteService(service)) {
        fail(7, "DeleteService");
    }
}

// The device opens to callers with the privilege to load drivers, enabled.
static void enable_privilege(void) {
    struct { u32 count; u32 low, high, attributes; } state = { 1, 0, 0, 2 };
    HANDLE token;
    u64 luid = 0;
    if (!OpenProcessToken((HANDLE)-1, 0x28, &token) || !LookupPrivilegeValueA(0, "SeLoadDriverPrivilege", &luid)) {
        fail(4, "LookupPrivilegeValue");
    }

    state.low = (u32)luid;
    state.high = (u32)(luid >> 32);
    if (!AdjustTokenPrivileges(token, 0, &state, 0, 0, 0)) {
        fail(4, "AdjustTokenPrivileges");
    }

    (void)CloseHandle(token);
}

static u32 number(const char *text) { return (u32)_strtoui64(text, 0, 10); }

void start_of_program(void) {
    int count, new_mode = 0;
    char **arguments, **environment;
    (void)__getmainargs(&count, &arguments, &environment, 0, &new_mode);
    if (count < 8) {
        printf("usage: referee.exe KMUTEX.SYS BRIDGE.SYS|- ITERATIONS HOLD-US SEED WORKLOAD THREADS [WORKLOAD THREADS]...\n");
        ExitProcess(1);
    }

    HANDLE manager = OpenSCManagerA(0, 0, 0xF003F);
    if (!manager) {
        fail(1, "OpenSCManager");
    }

    HANDLE bridge = arguments[2][0] == '-' ? 0 : start(manager, "kmutexbridge", arguments[2]);
    HANDLE driver = start(manager, "kmutex", arguments[1]);
    enable_privilege();
    HANDLE device = CreateFileA("\\\\.\\KMutexTracing", 0xC0000000, 0, 0, 3, 0, 0);
    if (device == (HANDLE)-1) {
        fail(5, "CreateFile");
    }

    for (int i = 6; i + 1 < count; i += 2) {
        REQUEST request = {
            sizeof request, number(arguments[i]), number(arguments[i + 1]), number(arguments[3]), number(arguments[4]), 0, number(arguments[5]),
        };
        RESULT result = { 0 };
        u32 returned = 0;
        int done = DeviceIoControl(device, run_workload, &request, sizeof request, &result, sizeof result, &returned, 0);
        printf(
            "workload %u error %u bytes %u threads %u acquires %llu rejections %llu refusals %llu failures %llu live %u\n", request.workload,
            done ? 0 : GetLastError(), returned, result.threads, result.acquires, result.rejections, result.refusals, result.failures, result.live);
        (void)fflush(0);
    }

    (void)CloseHandle(device);
    stop(driver);
    if (bridge) {
        stop(bridge);
    }

    ExitProcess(0);
}
