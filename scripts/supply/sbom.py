"""The bill of materials of the site as CycloneDX JSON, made from the lock: packages, licences, hashes, and what needs what."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from scripts.supply.licences import licence_of
from scripts.supply.lock import Package

OURS = "-r requirements.in"
# Of the serial number: the same content has the same one.
NAMESPACE = uuid.UUID("5c1f4b1e-6c55-4c3c-9d0a-6f2b8f0a7f11")


def bill(packages: Iterable[Package], *, version: str, at: datetime) -> str:
    """Return the bill of one version, with the time given; one that the schema refuses raises ValueError."""
    packages = list(packages)
    components = {package.name: component(package) for package in packages}
    site = Component(name="clinic", version=version, type=ComponentType.APPLICATION, bom_ref=BomRef("clinic"))
    bom = Bom(metadata=BomMetaData(component=site, timestamp=at), components=components.values())
    for needed in packages:
        for name in needed.asked_by:
            bom.register_dependency(site if name == OURS else components[name.split("[")[0]], [components[needed.name]])
    locked = " ".join(f"{package.name}=={package.version}" for package in packages)
    bom.serial_number = uuid.uuid5(NAMESPACE, f"{version} {at.isoformat()} {locked}")
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"The bill of materials does not fit its schema: {wrong}")
    return f"{text}\n"


def component(package: Package) -> Component:
    """Return a package as a component; each hash is that of one file that the lock lets us install."""
    address = PackageURL("pypi", name=package.name, version=package.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(address.to_string()),
        comment="the files that the lock allows",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in package.hashes],
    )
    licence = licence_of(package)
    return Component(
        name=package.name,
        version=package.version,
        bom_ref=BomRef(address.to_string()),
        purl=address,
        licenses=[LicenseExpression(licence)] if licence else [],
        external_references=[files],
    )
