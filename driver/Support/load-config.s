# What the image needs and C# cannot define: the load configuration, the pointers that Control Flow Guard calls through,
# the stack cookie, and the address of the image.
#
# Layout: IMAGE_LOAD_CONFIG_DIRECTORY64 in winnt.h. The __guard_* values are supplied by the linker (/guard:cf).

        .set    LOAD_CONFIG_SIZE, 0x140
        .set    DEFAULT_COOKIE, 0x00002B992DDFA232      # The loader replaces this value, and only this one, by a random one.
        .set    FEATURE_GUARD_CF, 0x800

        .globl  @feat.00
        .set    @feat.00, FEATURE_GUARD_CF

        .section .data, "dw"
        .balign 8
        .globl  __security_cookie
__security_cookie:
        .quad   DEFAULT_COOKIE

        .section .rdata, "dr"

# The loader swaps these two for the kernel's own checks when it enforces Control Flow Guard.
        .balign 8
        .globl  __guard_check_icall_fptr
__guard_check_icall_fptr:
        .quad   guard_check_nothing
        .globl  __guard_dispatch_icall_fptr
__guard_dispatch_icall_fptr:
        .quad   guard_dispatch_directly

        .balign 16
        .globl  _load_config_used
_load_config_used:
        .long   LOAD_CONFIG_SIZE                        # 0x00 Size
        .zero   0x58 - 0x04
        .quad   __security_cookie                       # 0x58 SecurityCookie
        .zero   0x70 - 0x60
        .quad   __guard_check_icall_fptr                # 0x70 GuardCFCheckFunctionPointer
        .quad   __guard_dispatch_icall_fptr             # 0x78 GuardCFDispatchFunctionPointer
        .quad   __guard_fids_table                      # 0x80 GuardCFFunctionTable
        .quad   __guard_fids_count                      # 0x88 GuardCFFunctionCount
        .long   __guard_flags                           # 0x90 GuardFlags
        .zero   LOAD_CONFIG_SIZE - 0x94

        .section .text, "xr"
        .def    ImageBase
        .scl    2
        .type   32
        .endef
        .globl  ImageBase
ImageBase:
        leaq    __ImageBase(%rip), %rax
        ret

        .def    guard_check_nothing
        .scl    3
        .type   32
        .endef
guard_check_nothing:
        ret

        .def    guard_dispatch_directly
        .scl    3
        .type   32
        .endef
guard_dispatch_directly:
        jmpq    *%rax

# Both guard routines are called through pointers: they must be in the table of valid targets themselves.
        .section .gfids$y, "dr"
        .symidx guard_check_nothing
        .symidx guard_dispatch_directly
