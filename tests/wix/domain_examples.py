"""Domains and their contacts as Wix writes them, for the tests of the client."""

from resellers.wix import Contact

from .examples import INSTANCE, SITE

PERSON = Contact(
    first_name="Test",
    last_name="Registrant",
    email="registrant@bakery.example",
    phone="+4989123456",
    address="Hauptstr 1",
    city="Muenchen",
    postal_code="80331",
    country_code="DE",
    subdivision_code="BY",
)
PERSON_AS_SENT = {
    "firstName": "Test",
    "lastName": "Registrant",
    "email": "registrant@bakery.example",
    "phone": "+4989123456",
    "address": "Hauptstr 1",
    "city": "Muenchen",
    "postalCode": "80331",
    "countryCode": "DE",
    "subdivisionCode": "BY",
}
REGISTERED = {
    "id": "bakery.example",
    "domain": "bakery.example",
    "productInstanceId": INSTANCE,
    "revision": "1",
    "status": "PENDING_REGISTRATION",
    "pendingRegistrationInfo": {"latestAttempt": {"number": 1}},
    "failedRegistrationInfo": {"code": "OTHER", "message": "no such street"},
    "icannConfirmationStatus": "PENDING",
    "icannConfirmationStatusInfo": {"notConfirmedBy": ["registrant@bakery.example"]},
    "dnsPropagationStatus": "IN_PROGRESS",
    "expirationDate": None,
    "createdDate": "2026-11-20T09:14:02.530Z",
    "updatedDate": "2026-11-20T09:14:02.530Z",
}
ON_SITE = {
    "id": SITE,
    "assignmentType": "REDIRECT",
    "redirectInfo": {"primaryDomain": "bread.example"},
}
CONNECTED = {
    "id": "bakery.example",
    "domain": "bakery.example",
    "connectionType": "NAMESERVERS",
    "siteInfo": ON_SITE,
    "suppressNotifications": False,
    "dnsPropagationStatus": "UNKNOWN_DNS_PROPAGATION_STATUS",
    "createdDate": "2026-11-20T09:14:02.530Z",
    "updatedDate": "2026-11-20T09:16:40.002Z",
}
ASSIGNED = {
    "id": "bakery.example",
    "domain": "bakery.example",
    "siteInfo": ON_SITE,
    "createdDate": "2026-11-20T09:14:02.530Z",
    "updatedDate": "2026-11-20T09:16:40.002Z",
}
SETUP = {
    "connectedDomainId": "bakery.example",
    "registrar": {
        "name": "Registrar Example",
        "nameServers": ["ns1.registrar.example", "ns2.registrar.example"],
    },
    "nameserverRecord": {
        "nsRecord": {
            "hostName": "bakery.example",
            "ttl": 3600,
            "values": ["ns1.dns.example", "ns2.dns.example"],
        }
    },
}
