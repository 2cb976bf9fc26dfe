<#
.SYNOPSIS
    Installs kmutex.sys as a service that is started by hand, registers its event manifest, and starts it.
.DESCRIPTION
    Run in an elevated PowerShell, on a machine that may crash: a virtual machine with a snapshot.

    Windows loads a kernel driver only if it trusts its signature. For a test that means: a certificate of your own, trusted by this machine alone,
    and test signing switched on, for which Secure Boot has to be off. With -TestSign this script makes the certificate if there is none
    and signs; it never changes the boot configuration, but says what to type. A driver for others wants Microsoft's signature (attestation).

    Everything it does is undone by uninstall.ps1.
.PARAMETER Driver
    The driver to install.
.PARAMETER TestSign
    Sign a copy of the driver with the test certificate. Without it the driver has to be signed already.
.EXAMPLE
    .\driver\install.ps1 -TestSign
#>
#Requires -RunAsAdministrator
param(
    [string] $Driver = (Join-Path $PSScriptRoot '..\artifacts\driver\kmutex.sys'),
    [switch] $TestSign)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$Name = 'kmutex'
$Installed = Join-Path $env:SystemRoot 'System32\drivers\kmutex.sys'
$Manifest = Join-Path $PSScriptRoot '..\manifest\KMutex.man'
$CertificateSubject = 'CN=KMutex Tracing test signing'

function Invoke-Native {
    & $args[0] @($args | Select-Object -Skip 1)
    if ($LASTEXITCODE -ne 0) { throw "$($args -join ' ') ended with exit code $LASTEXITCODE." }
}

function Get-TestCertificate {
    $certificate = Get-ChildItem Cert:\LocalMachine\My -CodeSigningCert |
        Where-Object { $_.Subject -eq $CertificateSubject -and $_.NotAfter -gt (Get-Date) } | Select-Object -First 1
    if ($certificate) { return $certificate }

    $certificate = New-SelfSignedCertificate -Type CodeSigningCert -Subject $CertificateSubject -CertStoreLocation Cert:\LocalMachine\My
    foreach ($place in 'Root', 'TrustedPublisher') {
        $store = [System.Security.Cryptography.X509Certificates.X509Store]::new($place, 'LocalMachine')
        $store.Open('ReadWrite')
        $store.Add($certificate)
        $store.Close()
    }
    return $certificate
}

function Assert-TestSigning {
    $options = (Get-ItemProperty HKLM:\SYSTEM\CurrentControlSet\Control).SystemStartOptions
    if ($options -notmatch 'TESTSIGNING') {
        throw 'Test signing is off. Switch it on and restart: bcdedit /set testsigning on (Secure Boot has to be off, and BitLocker will ask for its key).'
    }
}

if (-not (Test-Path $Driver)) { throw "There is no driver at $Driver. Build it with: .\build.ps1 driver" }
if (Get-Service $Name -ErrorAction SilentlyContinue) { throw "The service $Name exists already. Remove it first: .\driver\uninstall.ps1" }
if ($TestSign) { Assert-TestSigning }

Copy-Item $Driver $Installed
if ($TestSign) {
    $signature = Set-AuthenticodeSignature $Installed -Certificate (Get-TestCertificate) -HashAlgorithm SHA256
    if ($signature.Status -ne 'Valid') { throw "$Installed could not be signed: $($signature.StatusMessage)" }
}

Invoke-Native sc.exe create $Name type= kernel start= demand error= normal binPath= $Installed

# Recording and kmutex report need no registered manifest; other tools name the events by it. kmutex.sys carries no compiled copy of it, of which
# wevtutil warns: that is no reason to stop.
& wevtutil.exe install-manifest $Manifest "/resourceFilePath:$Installed" "/messageFilePath:$Installed"
if ($LASTEXITCODE -ne 0) { Write-Warning "The manifest was not registered: wevtutil ended with exit code $LASTEXITCODE." }

Invoke-Native sc.exe start $Name
Write-Host "`n$Name is running. Record with: wpr -start trace.wprp!KMutex.Verbose -filemode"
