namespace Tracing.Host.Kernel;

/// <summary>
/// Offsets of DRIVER_OBJECT, DEVICE_OBJECT, IRP and IO_STACK_LOCATION on x64. Source: the structures' declarations in wdm.h.
/// </summary>
internal static class WdmLayout
{
    internal const int DriverObjectSize = 0x150;
    internal const int DriverObjectDeviceObject = 0x08;
    internal const int DriverObjectStart = 0x18;
    internal const int DriverObjectImageSize = 0x20;
    internal const int DriverObjectName = 0x38;
    internal const int DriverObjectInit = 0x58;
    internal const int DriverObjectUnload = 0x68;
    internal const int DriverObjectMajorFunction = 0x70;
    internal const int MajorFunctionCount = 28;
    internal const short DriverObjectType = 4;

    internal const int DeviceObjectSize = 0x150;
    internal const int DeviceObjectDriver = 0x08;
    internal const int DeviceObjectFlags = 0x30;
    internal const int DeviceObjectCharacteristics = 0x34;
    internal const int DeviceObjectExtension = 0x40;
    internal const int DeviceObjectDeviceType = 0x48;
    internal const int DeviceObjectStackSize = 0x4C;
    internal const short DeviceObjectType = 3;

    /// <summary>DO_DEVICE_INITIALIZING: set by IoCreateDevice, cleared for the driver when DriverEntry has returned.</summary>
    internal const uint DeviceInitializing = 0x80;

    internal const int IrpSize = 0xD0;
    internal const int IrpSystemBuffer = 0x18;
    internal const int IrpStatus = 0x30;
    internal const int IrpInformation = 0x38;
    internal const int IrpRequestorMode = 0x40;
    internal const int IrpStackCount = 0x42;
    internal const int IrpCurrentLocation = 0x43;
    internal const int IrpThread = 0x98;
    internal const int IrpCurrentStackLocation = 0xB8;
    internal const short IrpType = 6;

    internal const int StackLocationSize = 0x48;
    internal const int StackOutputLength = 0x08;
    internal const int StackInputLength = 0x10;
    internal const int StackControlCode = 0x18;
    internal const int StackDeviceObject = 0x28;

    internal const byte MajorCreate = 0;
    internal const byte MajorClose = 2;
    internal const byte MajorDeviceControl = 14;
    internal const byte MajorCleanup = 18;
}
