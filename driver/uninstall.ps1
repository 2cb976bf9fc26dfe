<#
.SYNOPSIS
    Undoes what install.ps1 did: stops the driver, removes its service, its event manifest, its file and the test certificate.
.DESCRIPTION
    Run in an elevated PowerShell. What is not there is passed over. Drivers that import from kmutex.sys have to be unloaded first: as long as one is
    loaded, Windows keeps the image. Test signing stays as it is; switch it off with: bcdedit /set testsigning off
#>
#Requires -RunAsAdministrator
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

$service = Get-Service $Name -ErrorAction SilentlyContinue
if ($service) {
    if ($service.Status -ne 'Stopped') { Invoke-Native sc.exe stop $Name }
    Invoke-Native sc.exe delete $Name
}

$publisher = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WINEVT\Publishers\{0a420125-98cd-59a8-1795-77316bd1bbfd}'
if (Test-Path $publisher) { Invoke-Native wevtutil.exe uninstall-manifest $Manifest }

if (Test-Path $Installed) { Remove-Item $Installed }
foreach ($place in 'My', 'Root', 'TrustedPublisher') {
    Get-ChildItem "Cert:\LocalMachine\$place" | Where-Object Subject -eq $CertificateSubject | Remove-Item
}
