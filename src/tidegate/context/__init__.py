"""What the organisation tells Tidegate: people, devices, destinations and permits, as frozen dataclasses."""

from tidegate.context.destinations import Destination
from tidegate.context.devices import Device
from tidegate.context.load import Context, load
from tidegate.context.people import Person
from tidegate.context.permits import Permit

__all__ = ["Context", "Destination", "Device", "Permit", "Person", "load"]
